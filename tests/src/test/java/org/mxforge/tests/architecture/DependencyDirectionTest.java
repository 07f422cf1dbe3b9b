package org.mxforge.tests.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
                    "org.mxforge.runtime.model..", "org.mxforge.runtime.eval..", "org.mxforge.runtime.checkpoint..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.mxforge.runtime.cuda..",
                    "org.mxforge.runtime.cpu..",
                    "org.mxforge.runtime.exec.cuda..",
                    "org.mxforge.runtime.exec.cpu..");

    /** The judge does not make what it judges; the tuner's device and who checks kernels ask it whether one is right. */
    @ArchTest
    static final ArchRule THE_PRODUCT_DOES_NOT_KNOW_THE_ORACLE = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "org.mxforge.runtime.oracle..", "org.mxforge.runtime.tune.device..", "org.mxforge.runtime.check..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.mxforge.runtime.oracle..");

    @ArchTest
    static final ArchRule ONLY_THE_COMMAND_LINE_KNOWS_PICOCLI = noClasses()
            .that()
            .resideOutsideOfPackage("org.mxforge.runtime.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("picocli..", "org.mxforge.runtime.cli..");

    /** Arrows between packages go one way at every depth: between families of packages and between single ones. */
    @ParameterizedTest
    @CsvSource({"dsl,1", "dsl,2", "codegen,1", "codegen,2", "runtime,1", "runtime,2", "runtime,3"})
    void packagesHaveNoCycles(String module, int depth) {
        JavaClasses classes = new ClassFileImporter()
                .withImportOption(new DoNotIncludeTests())
                .importPackages("org.mxforge." + module);
        SlicesRuleDefinition.slices()
                .assignedFrom(new PackagesOfDepth("org.mxforge." + module, depth))
                .should()
                .beFreeOfCycles()
                .check(classes);
    }

    /** Every package as one slice, named by at most {@code depth} segments below {@code root}. */
    private record PackagesOfDepth(String root, int depth) implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
            String name = javaClass.getPackageName();
            if (!name.equals(root) && !name.startsWith(root + ".")) {
                return SliceIdentifier.ignore();
            }
            String below = name.substring(root.length());
            return SliceIdentifier.of(
                    Arrays.stream(below.split("\\.")).limit(depth + 1).collect(Collectors.joining(".")));
        }

        @Override
        public String getDescription() {
            return "packages of " + root + " to depth " + depth;
        }
    }
}
