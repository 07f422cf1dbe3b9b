package org.mxforge.tests.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;

/** The house's rules: who may know whom. */
@AnalyzeClasses(packages = "org.mxforge", importOptions = DoNotIncludeTests.class)
class DependencyDirectionTest {
    @ArchTest
    static final ArchRule DSL_STANDS_ALONE = classes()
            .that()
            .resideInAPackage("org.mxforge.dsl..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("org.mxforge.dsl..", "java..");

    @ArchTest
    static final ArchRule CODEGEN_KNOWS_NEITHER_RUNTIME_NOR_CUDA = noClasses()
            .that()
            .resideInAPackage("org.mxforge.codegen..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.mxforge.runtime..", "org.mxforge.generated..", "jcuda..");

    @ArchTest
    static final ArchRule RUNTIME_DOES_NOT_KNOW_GENERATED = noClasses()
            .that()
            .resideInAPackage("org.mxforge.runtime..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.mxforge.generated..");

    @ArchTest
    static final ArchRule JCUDA_STAYS_IN_ITS_ROOM = noClasses()
            .that()
            .resideOutsideOfPackage("org.mxforge.runtime.cuda..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jcuda..");

    @ArchTest
    static final ArchRule MODELS_DO_NOT_KNOW_DEVICES = noClasses()
            .that()
            .resideInAnyPackage(
                    "org.mxforge.runtime.model..", "org.mxforge.runtime.eval..", "org.mxforge.runtime.tensor..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.mxforge.runtime.cuda..", "org.mxforge.runtime.cpu..");

    @ArchTest
    static final ArchRule ONLY_THE_COMMAND_LINE_KNOWS_PICOCLI = noClasses()
            .that()
            .resideOutsideOfPackage("org.mxforge.runtime.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("picocli..", "org.mxforge.runtime.cli..");

    @ArchTest
    static final ArchRule DSL_PACKAGES_HAVE_NO_CYCLES = SlicesRuleDefinition.slices()
            .matching("org.mxforge.dsl.(*)..")
            .should()
            .beFreeOfCycles();

    @ArchTest
    static final ArchRule CODEGEN_PACKAGES_HAVE_NO_CYCLES = SlicesRuleDefinition.slices()
            .matching("org.mxforge.codegen.(*)..")
            .should()
            .beFreeOfCycles();

    @ArchTest
    static final ArchRule RUNTIME_PACKAGES_HAVE_NO_CYCLES = SlicesRuleDefinition.slices()
            .matching("org.mxforge.runtime.(*)..")
            .should()
            .beFreeOfCycles();
}
