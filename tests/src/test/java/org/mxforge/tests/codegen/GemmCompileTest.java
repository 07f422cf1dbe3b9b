package org.mxforge.tests.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mxforge.codegen.cuda.CudaEmitter;
import org.mxforge.codegen.cuda.CudaSource;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.cuda.CompiledKernel;
import org.mxforge.runtime.cuda.ImageKind;
import org.mxforge.runtime.cuda.Nvrtc;

/** NVRTC compiles the portable GEMMs, all 25 pairs for every current target, with no spill; two at a time. */
class GemmCompileTest {
    @ParameterizedTest
    @EnumSource(
            value = Target.class,
            names = {"SM_80", "SM_90A", "SM_120A"})
    void everyPairAndMixCompilesWithoutSpills(Target target) {
        Stream.concat(GemmSpecs.pairs().stream(), GemmSpecs.mixes().stream())
                .parallel()
                .map(spec -> KernelVariant.of(spec, target))
                .forEach(GemmCompileTest::compile);
    }

    @Test
    void everyVariantCompilesWithoutSpills() {
        KernelSpec spec = GemmSpecs.mixes().get(0);
        for (Target target : List.of(Target.SM_90A, Target.SM_100A)) {
            spec.space(target).legal().parallelStream()
                    .map(configuration -> new KernelVariant(spec, target, configuration))
                    .forEach(GemmCompileTest::compile);
        }
    }

    private static void compile(KernelVariant variant) {
        CudaSource source = CudaEmitter.emit(variant);
        CompiledKernel kernel =
                Nvrtc.load().compile(source.entryPoint(), source.text(), variant.target(), ImageKind.CUBIN);
        assertThat(kernel.spillBytes()).as("spills of " + variant.text()).isZero();
        assertThat(kernel.log())
                .as(variant.text())
                .contains(" 0 bytes stack frame")
                .doesNotContain("warning");
        // Tiles are dynamic: a static array would come on top of what the config space counts.
        assertThat(kernel.staticSharedBytes()).as(variant.text()).isZero();
    }
}
