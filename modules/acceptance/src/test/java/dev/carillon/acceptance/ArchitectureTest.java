package dev.carillon.acceptance;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The modules point one way. What a module may know of is written here once, and whoever needs more has to come by. */
class ArchitectureTest {

    private static final String ROOT = "dev.carillon.";

    /** Module, and the other modules it may know of. */
    private static final Map<String, List<String>> MAY_KNOW = Map.ofEntries(
            Map.entry("protocol", List.of()),
            Map.entry("core", List.of("protocol")),
            Map.entry("telephony.simulated", List.of("protocol")),
            Map.entry("simulation", List.of("protocol", "core", "telephony", "telephony.simulated")),
            Map.entry("cluster", List.of("protocol", "core")),
            Map.entry("telephony", List.of("protocol", "telephony.simulated")),
            Map.entry("telephony.asterisk", List.of("protocol", "telephony")),
            Map.entry("testkit", List.of()),
            Map.entry("store", List.of("protocol", "core")),
            Map.entry("readmodel", List.of("protocol", "core", "store")),
            Map.entry("api", List.of("protocol", "core", "cluster", "telephony", "store", "readmodel")),
            Map.entry(
                    "node",
                    List.of(
                            "protocol",
                            "core",
                            "cluster",
                            "telephony",
                            "telephony.simulated",
                            "telephony.asterisk",
                            "store",
                            "readmodel",
                            "api")),
            Map.entry("load", List.of("protocol", "core", "telephony", "telephony.simulated", "store", "node")),
            Map.entry("chaos", List.of("protocol", "core", "telephony", "telephony.simulated", "store", "node")));

    private static final JavaClasses CARILLON = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.carillon");

    @TestFactory
    Stream<DynamicTest> aModuleKnowsOnlyWhatItMay() {
        return MAY_KNOW.entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> classes()
                        .that(areOf(entry.getKey()))
                        .should()
                        .onlyDependOnClassesThat(areOfOneOf(entry.getKey(), entry.getValue()))
                        .check(CARILLON)));
    }

    @Test
    void everyModuleIsInTheList() {
        var found = new TreeSet<String>();
        CARILLON.forEach(one -> found.add(moduleOf(one)));

        assertThat(found).isEqualTo(new TreeSet<>(MAY_KNOW.keySet()));
    }

    @Test
    void whatDecidesDoesNoInputAndOutputAndKnowsNoAkka() {
        noClasses()
                .that(resideInAnyPackage(ROOT + "core..", ROOT + "telephony.simulated.."))
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                        "akka..", "java.io..", "java.nio..", "java.net..", "java.sql..", "java.util.concurrent.."))
                .check(CARILLON);
    }

    @Test
    void whatDecidesIsHandedItsClockAndItsChance() {
        noClasses()
                .that(resideInAPackage(ROOT + "core.."))
                .should()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(java.util.UUID.class, "randomUUID")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(java.util.random.RandomGenerator.class)
                .check(CARILLON);
    }

    @Test
    void nothingSleeps() {
        noClasses()
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .because("a thread that sleeps is one that nobody else has; use a timer")
                .check(CARILLON);
    }

    @Test
    void nothingOfJavaIsSerialized() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.io.ObjectInputStream")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.io.ObjectOutputStream")
                .check(CARILLON.that(DescribedPredicate.not(resideInAPackage(ROOT + "protocol.."))));
    }

    private static DescribedPredicate<JavaClass> areOf(String module) {
        return DescribedPredicate.describe(
                "of module " + module, one -> moduleOf(one).equals(module));
    }

    private static DescribedPredicate<JavaClass> areOfOneOf(String module, List<String> others) {
        return DescribedPredicate.describe(
                "of " + module + ", of " + others + " or from elsewhere",
                one -> !one.getPackageName().startsWith(ROOT)
                        || moduleOf(one).equals(module)
                        || others.contains(moduleOf(one)));
    }

    /** The longest module name its package begins with. */
    private static String moduleOf(JavaClass one) {
        var name = one.getPackageName() + ".";
        return MAY_KNOW.keySet().stream()
                .filter(module -> name.startsWith(ROOT + module + "."))
                .max(java.util.Comparator.comparingInt(String::length))
                .orElse(one.getPackageName());
    }
}
