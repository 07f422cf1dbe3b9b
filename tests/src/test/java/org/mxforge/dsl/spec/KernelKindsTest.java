package org.mxforge.dsl.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What belongs to a kind of kernel is found from it, and complete. */
class KernelKindsTest {
    static Stream<KernelKind<KernelSpec>> kinds() {
        return KernelKinds.all().stream();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void catalogueAndAlgorithmsBelongToIt(KernelKind<KernelSpec> kind) {
        assertThat(kind.catalogue()).as("catalogue of " + kind.stem()).allSatisfy(variant -> {
            assertThat(variant.spec()).isInstanceOf(kind.specs());
            assertThat(kind.algorithms().stream().map(Object.class::cast)).contains(variant.algorithm());
            assertThat(KernelKinds.of(variant.spec())).isSameAs(kind);
        });
        Set<String> names = new HashSet<>();
        for (Algorithm<?> algorithm : kind.algorithms()) {
            assertThat(names.add(algorithm.name())).as(algorithm.name()).isTrue();
            assertThat(algorithm.specs()).isEqualTo(kind.specs());
        }
        assertThat(names).as("algorithms of " + kind.stem()).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void textsOfItsSpecsAreReadByIt(KernelKind<KernelSpec> kind) {
        for (KernelVariant variant : kind.catalogue()) {
            assertThat(variant.spec().text()).matches(kind.stem() + "/v" + kind.version() + "(;.*)?");
            assertThat(KernelVariant.parse(variant.text())).isEqualTo(variant);
        }
    }
}
