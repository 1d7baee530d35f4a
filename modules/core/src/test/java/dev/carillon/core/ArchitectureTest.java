package dev.carillon.core;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.util.Set;

/** What makes the core pure: the same command on the same state always decides the same. */
@AnalyzeClasses(packages = "dev.carillon.core", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule knowsNoAkka = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("akka..", "scala..", "org.slf4j..")
            .because("deciders are carried out by the cluster's shell and by the simulation alike");

    @ArchTest
    static final ArchRule reachesNothingOutside = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.io..", "java.nio..", "java.net..", "java.sql..", "java.util.concurrent..")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Thread.class)
            .because("what is to be done is an Output; who does it is the shell's affair");

    @ArchTest
    static final ArchRule isHandedItsClock = noClasses()
            .should()
            .callMethodWhere(describe("reads the clock", ArchitectureTest::readsTheClock))
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Clock.class)
            .because("the time of a decision is context.now()");

    @ArchTest
    static final ArchRule isHandedItsChance = noClasses()
            .should()
            .dependOnClassesThat()
            .areAssignableTo(java.util.random.RandomGenerator.class)
            .orShould()
            .callMethod(java.util.UUID.class, "randomUUID")
            .orShould()
            .callMethod(Math.class, "random")
            .because("new ids come from context.newId()");

    private static boolean readsTheClock(JavaMethodCall call) {
        var owner = call.getTargetOwner();
        var name = call.getTarget().getName();
        var ofTime = owner.getPackageName().startsWith("java.time") && name.equals("now");
        var ofSystem = owner.isEquivalentTo(System.class)
                && Set.of("currentTimeMillis", "nanoTime").contains(name);
        return ofTime || ofSystem;
    }
}
