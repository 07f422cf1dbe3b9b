package org.mxforge.tests.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.mxforge.dsl.spec.KernelKinds;

/** What is public is used from elsewhere, and what is there is used at all. */
class VisibilityTest {
    /** There were 312 before there was an API; only a package that is split in two may add its door. */
    private static final int MOST_PUBLIC = 122;

    /** Programs, which nothing calls. */
    private static final Set<String> PROGRAMS =
            Set.of("org.mxforge.runtime.cli.MxForge", "org.mxforge.codegen.catalogue.Regenerate");

    private static JavaClasses main;

    /** The top-level types that use a top-level type or one inside it. */
    private static final Map<JavaClass, Set<JavaClass>> USERS = new HashMap<>();

    @BeforeAll
    static void read() {
        main = new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages("org.mxforge");
        for (JavaClass type : main) {
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                JavaClass used = outermost(dependency.getTargetClass());
                if (!used.equals(outermost(type))) {
                    USERS.computeIfAbsent(used, key -> new HashSet<>()).add(outermost(type));
                }
            }
        }
    }

    private static Set<JavaClass> users(JavaClass type) {
        return USERS.getOrDefault(type, Set.of());
    }

    private static Stream<JavaClass> topLevel() {
        return main.stream().filter(JavaClass::isTopLevelClass).filter(type -> !type.getSimpleName()
                .equals("package-info"));
    }

    /** Java writes constants into the classes that use them, which then do not show the use. */
    private static boolean holdsConstantsOnly(JavaClass type) {
        return type.getMethods().isEmpty()
                && type.getFields().stream().allMatch(field -> field.getModifiers()
                        .containsAll(Set.of(JavaModifier.STATIC, JavaModifier.FINAL)));
    }

    /** Kinds of kernels are named in a file, and found by it. */
    private static boolean isService(JavaClass type) {
        return KernelKinds.all().stream()
                .anyMatch(kind -> kind.getClass().getName().equals(type.getName()));
    }

    private static boolean isInternal(JavaClass type) {
        return type.getPackageName().startsWith(PublicApiTest.ROOT)
                && !PublicApiTest.API.contains(type.getPackageName());
    }

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(VisibilityTest::outermost).orElse(type.getBaseComponentType());
    }

    @Test
    void fewTypesAreOpenToOtherPackages() {
        List<String> open = topLevel()
                .filter(VisibilityTest::isInternal)
                .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                .map(JavaClass::getName)
                .sorted()
                .toList();
        assertThat(open).hasSizeLessThanOrEqualTo(MOST_PUBLIC);
    }

    @Test
    void nothingInternalIsPublicWithoutNeed() {
        assertThat(topLevel()
                        .filter(VisibilityTest::isInternal)
                        .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                        .filter(type -> !PROGRAMS.contains(type.getName()))
                        // What a lambda implements does not show in the class that it is written in.
                        .filter(type -> !type.isAnnotatedWith(FunctionalInterface.class))
                        .filter(type -> users(type).stream()
                                .allMatch(user -> user.getPackageName().equals(type.getPackageName()))))
                .as("public types that only their own package uses")
                .isEmpty();
    }

    @Test
    void nothingIsThereForNothing() {
        assertThat(topLevel()
                        .filter(type -> isInternal(type)
                                || type.getPackageName().startsWith("org.mxforge.codegen")
                                || type.getPackageName().startsWith("org.mxforge.dsl"))
                        .filter(type -> !PROGRAMS.contains(type.getName()))
                        .filter(type -> !holdsConstantsOnly(type))
                        .filter(type -> users(type).isEmpty())
                        .filter(type -> !isService(type)))
                .as("types that nothing in main uses")
                .isEmpty();
    }
}
