package org.mxforge.dsl.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.target.KernelFamily;
import org.mxforge.dsl.target.Target;

/** Canonical texts: they parse back, tell specs apart, and name kernels. */
class KernelSpecTest {
    @Provide
    Arbitrary<KernelSpec> specs() {
        return SpecArbitraries.any();
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void theTextParsesBack(@ForAll("specs") KernelSpec spec) {
        assertThat(KernelSpec.parse(spec.text())).isEqualTo(spec);
        assertThat(spec.text()).startsWith(spec.stem() + "/v1");
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void theDefaultVariantOfEveryTargetParsesBack(@ForAll("specs") KernelSpec spec, @ForAll Target target) {
        if (spec.family(target) == KernelFamily.HOPPER && target != Target.SM_90A) {
            assertThatThrownBy(() -> spec.space(target)).hasMessageContaining("has no kernel for " + target.text());
            return;
        }
        KernelVariant variant = KernelVariant.of(spec, target);
        assertThat(KernelVariant.parse(variant.text())).isEqualTo(variant);
        assertThat(spec.space(target).legal()).isNotEmpty().allSatisfy(spec.space(target)::check);
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void identifiersAreIdentifiersAndTellSpecsApart(@ForAll List<@From("specs") KernelSpec> specs) {
        Map<String, KernelSpec> named = new HashMap<>();
        for (KernelSpec spec : specs) {
            assertThat(spec.identifier()).matches("[a-z][a-z0-9_]*");
            KernelSpec other = named.put(spec.identifier(), spec);
            assertThat(other == null || other.equals(spec)).isTrue();
        }
    }

    @Example
    void everyKindOfSpecIsTested() {
        Set<String> tested = SpecArbitraries.any()
                .sampleStream()
                .limit(2000)
                .map(spec -> spec.getClass().getSimpleName())
                .collect(Collectors.toSet());
        assertThat(Arrays.stream(KernelSpec.class.getPermittedSubclasses()).map(Class::getSimpleName))
                .containsExactlyInAnyOrderElementsOf(tested);
    }

    @Example
    void theTextIsWhatFilesAndCachesHold() {
        MxGemmSpec spec = new MxGemmSpec(
                List.of(
                        new FormatPair(ElementFormat.E2M1, ElementFormat.E2M1),
                        new FormatPair(ElementFormat.E4M3, ElementFormat.E2M1)),
                GroupLayout.TILED,
                Epilogue.SILU_MUL,
                ScalarType.BF16);
        assertThat(spec.text())
                .isEqualTo("mxgemm/v1;pairs=e2m1xe2m1+e4m3xe2m1;groups=g32.tile128x4;epilogue=silumul;out=bf16");
        assertThat(spec.identifier()).isEqualTo("mxgemm_e2m1xe2m1_e4m3xe2m1_g32_tile128x4_silumul_bf16");
    }

    @Example
    void aVariantTextWithAnotherShapeIsRefused() {
        assertThatThrownBy(() -> KernelVariant.parse("rope/v1|cpu")).hasMessageContaining("spec|target|configuration");
        assertThatThrownBy(() -> KernelVariant.parse("rope/v1|sm_70|threads=256"))
                .hasMessageContaining("unknown target 'sm_70'");
        assertThatThrownBy(() -> KernelVariant.parse("rope/v1|sm_80|threads=96"))
                .hasMessageContaining("threads=96 is not one of");
        assertThatThrownBy(() -> KernelVariant.parse("rope/v1|cpu|threads=256"))
                .hasMessageContaining("unknown parameters");
    }
}
