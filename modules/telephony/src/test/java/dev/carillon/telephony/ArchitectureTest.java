package dev.carillon.telephony;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Telephony speaks of legs, bridges and calls; who waits for whom, and why, is none of its business. */
@AnalyzeClasses(packages = "dev.carillon.telephony", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule knowsNoQueuesAndAgents = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.carillon.protocol.queue..", "dev.carillon.protocol.agent..")
            .because("a box is told what to do with legs, whatever the reason");
}
