package org.mxforge.tests.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The public API, as {@code org.mxforge.runtime}'s package text names it, is enough, and closed. */
@AnalyzeClasses(packages = "org.mxforge", importOptions = DoNotIncludeTests.class)
class PublicApiTest {
    static final String ROOT = "org.mxforge.runtime";
    static final Set<String> API = Set.of(
            ROOT,
            ROOT + ".base",
            ROOT + ".base.options",
            ROOT + ".check",
            ROOT + ".quant",
            ROOT + ".simulate",
            ROOT + ".task",
            ROOT + ".chat");

    private static final DescribedPredicate<JavaClass> INTERNAL = DescribedPredicate.describe(
            "internal", type -> type.getPackageName().startsWith(ROOT + ".") && !API.contains(type.getPackageName()));

    private static DescribedPredicate<JavaClass> internalBut(String... packages) {
        return DescribedPredicate.describe(
                "internal",
                type -> INTERNAL.test(type)
                        && Stream.of(packages)
                                .noneMatch(allowed -> type.getPackageName().startsWith(ROOT + "." + allowed)));
    }

    /** All but benchmarks, which look at kernels from inside. */
    @ArchTest
    static final ArchRule COMMANDS_LIVE_BY_THE_API = noClasses()
            .that()
            .resideInAPackage("org.mxforge.runtime.cli..")
            .and()
            .resideOutsideOfPackage("org.mxforge.runtime.cli.bench")
            .should()
            .dependOnClassesThat(internalBut("cli", "base"));

    @ArchTest
    static final ArchRule SIGNATURES_NAME_NOTHING_INTERNAL = classes()
            .that()
            .resideInAPackage(ROOT)
            .and()
            .arePublic()
            .should(new ArchCondition<>("name no internal type") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                    Stream.concat(
                                    type.getCodeUnits().stream()
                                            .filter(unit -> isOpen(unit.getModifiers()))
                                            .flatMap(PublicApiTest::named),
                                    type.getFields().stream()
                                            .filter(field -> isOpen(field.getModifiers()))
                                            .map(JavaField::getType))
                            .flatMap(named -> named.getAllInvolvedRawTypes().stream())
                            .filter(INTERNAL)
                            .collect(Collectors.toSet())
                            .forEach(internal -> events.add(SimpleConditionEvent.violated(
                                    type, type.getFullName() + " names " + internal.getFullName())));
                }
            });

    private static boolean isOpen(Set<JavaModifier> modifiers) {
        return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
    }

    private static Stream<JavaType> named(JavaCodeUnit unit) {
        return Stream.of(
                        unit.getParameterTypes().stream(),
                        Stream.of(unit.getReturnType()),
                        unit.getThrowsClause().getTypes().stream().map(JavaType.class::cast))
                .flatMap(types -> types);
    }
}
