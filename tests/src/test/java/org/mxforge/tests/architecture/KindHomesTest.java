package org.mxforge.tests.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.InstanceofCheck;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.spec.KernelSpec;

/** What is particular to a kind of kernel is asked of its home, and not found out by the class of a spec. */
@AnalyzeClasses(packages = "org.mxforge", importOptions = DoNotIncludeTests.class)
class KindHomesTest {
    @ArchTest
    static final ArchRule NO_LADDERS_OVER_SPECS = noClasses()
            .that()
            .resideOutsideOfPackage("org.mxforge.codegen.kernel..")
            .should(new ArchCondition<>("ask for the class of a spec or a shape") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                    for (InstanceofCheck check : type.getInstanceofChecks()) {
                        JavaClass asked = check.getRawType();
                        boolean ladder =
                                asked.isAssignableTo(KernelSpec.class) || asked.isAssignableTo(KernelShape.class);
                        events.add(new SimpleConditionEvent(
                                type,
                                ladder,
                                type.getFullName() + " asks for " + asked.getSimpleName() + " "
                                        + check.getSourceCodeLocation()));
                    }
                }
            });
}
