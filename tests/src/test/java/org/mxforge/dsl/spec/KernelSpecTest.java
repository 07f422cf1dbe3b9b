package org.mxforge.dsl.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.target.Target;
import org.mxforge.tests.check.KernelSpecs;

/** Canonical texts: they parse back, tell specs apart, and name kernels. */
class KernelSpecTest {
    @Provide
    Arbitrary<KernelSpec> specs() {
        return KernelSpecs.any();
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void theTextParsesBack(@ForAll("specs") KernelSpec spec) {
        assertThat(KernelSpec.parse(spec.text())).isEqualTo(spec);
        assertThat(spec.text())
                .startsWith(spec.stem() + "/v" + KernelKinds.of(spec).version());
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void everyAlgorithmThatHoldsHasVariantsThatParseBack(@ForAll("specs") KernelSpec spec, @ForAll Target target) {
        for (Algorithm<KernelSpec> algorithm : KernelKinds.algorithms(spec)) {
            if (algorithm.refusal(spec, target).isPresent()) {
                assertThatThrownBy(() -> KernelVariant.of(spec, algorithm, target))
                        .hasMessage(algorithm.refusal(spec, target).get());
                continue;
            }
            List<Configuration> legal = algorithm.space(spec, target).legal();
            assertThat(legal).isNotEmpty();
            for (Configuration configuration : legal) {
                KernelVariant variant = KernelVariant.of(spec, algorithm, target, configuration);
                assertThat(variant.tiling().configuration()).isEqualTo(configuration);
                assertThat(KernelVariant.parse(variant.text())).isEqualTo(variant);
            }
        }
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void everyGpuHasAKernelForEverythingButPasses(@ForAll("specs") KernelSpec spec) {
        for (Target target : Target.values()) {
            boolean pass = spec instanceof OperandPass || spec instanceof DenseTileSpec || spec instanceof MxFoldSpec;
            if (target.isGpu() && (!pass || target == Target.SM_90A)) {
                assertThat(KernelVariant.of(spec, target).target()).isEqualTo(target);
            }
        }
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
        Set<Class<?>> tested = KernelSpecs.any()
                .sampleStream()
                .limit(20_000)
                .map(Object::getClass)
                .collect(Collectors.toSet());
        assertThat(KernelKinds.all().stream()
                        .filter(kind -> !kind.catalogue().isEmpty())
                        .<Class<?>>map(KernelKind::specs))
                .isSubsetOf(tested);
    }

    @Example
    void theTextIsWhatFilesAndCachesHold() {
        MxGemmSpec spec = MxGemmSpec.exact(
                List.of(
                        new FormatPair(ElementFormat.E2M1, ElementFormat.E2M1),
                        new FormatPair(ElementFormat.E4M3, ElementFormat.E2M1)),
                Epilogue.SILU_MUL,
                ScalarType.BF16);
        assertThat(spec.text())
                .isEqualTo("mxgemm/v2;pairs=e2m1xe2m1+e4m3xe2m1;groups=g32;epilogue=silumul;out=bf16;tolerance=exact");
        assertThat(spec.identifier()).isEqualTo("mxgemm_e2m1xe2m1_e4m3xe2m1_g32_silumul_bf16_exact");
    }

    @Example
    void aVariantTextWithAnotherShapeIsRefused() {
        assertThatThrownBy(() -> KernelVariant.parse("softmax/v1|cpu"))
                .hasMessageContaining("spec|algorithm|target|configuration");
        assertThatThrownBy(() -> KernelVariant.parse("softmax/v1|rows|sm_70|threads=256"))
                .hasMessageContaining("unknown target 'sm_70'");
        assertThatThrownBy(() -> KernelVariant.parse("softmax/v1|rows|sm_80|threads=100"))
                .hasMessageContaining("threads=100 is not a multiple of 32");
        assertThatThrownBy(() -> KernelVariant.parse("softmax/v1|rows|cpu|threads=256"))
                .hasMessageContaining("plain Java");
        assertThatThrownBy(() -> KernelVariant.parse("softmax/v1|rows|sm_80|threads=256,bm=4"))
                .hasMessageContaining("unknown parameters");
        assertThatThrownBy(() -> KernelVariant.parse("softmax/v1|mma|sm_80|threads=256"))
                .hasMessageContaining("unknown algorithm 'mma' for softmax: use one of spread, rows");
    }
}
