package org.mxforge.codegen.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mxforge.codegen.catalogue.Catalogue;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.HopperGemm;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.cuda.nvrtc.CompiledKernel;
import org.mxforge.runtime.cuda.nvrtc.ImageKind;
import org.mxforge.runtime.cuda.nvrtc.Nvrtc;

/** NVRTC compiles every kernel of the catalogue for every current target with no spill; as many at a time as there are cores. */
class CudaCompileTest {
    @ParameterizedTest
    @EnumSource(
            value = Target.class,
            names = {"SM_80", "SM_90A", "SM_120A"})
    void everyKernelOfTheCatalogueCompilesWithoutSpills(Target target) {
        Stream.concat(Catalogue.cuda(target).stream(), GemmSpecs.mixes().stream())
                .distinct()
                .parallel()
                .map(spec -> KernelVariant.of(spec, target))
                .forEach(CudaCompileTest::compile);
    }

    /** The largest shared tiles that its smaller memory allows, and one kernel of each other kind; NVRTC needs too long for all. */
    @Test
    void oneKernelOfEachKindCompilesForTheSmallestMemory() {
        Stream.of(
                        GemmSpecs.LARGEST,
                        KernelSpec.parse("densegemm/v1;epilogue=residual;out=bf16"),
                        KernelSpec.parse("mxquantize/v1;side=activation;formats=e2m1+e3m2+e4m3;rule=ceil;"
                                + "groups=g32.tile128x4;prologue=rmsnorm;in=fp32"),
                        KernelSpec.parse("attention/v1;head=128"))
                .parallel()
                .flatMap(spec -> mostShared(spec, Target.SM_86))
                .forEach(CudaCompileTest::compile);
    }

    /** The default variant of {@code spec} and the one with the most shared memory. */
    private static Stream<KernelVariant> mostShared(KernelSpec spec, Target target) {
        KernelVariant largest = spec.space(target).legal().stream()
                .map(configuration -> new KernelVariant(spec, target, configuration))
                .max(Comparator.comparingInt(
                        variant -> CudaEmitter.emit(variant).sharedBytes()))
                .orElseThrow();
        return Stream.of(KernelVariant.of(spec, target), largest).distinct();
    }

    @Test
    void groupsOfOtherSizesCompileWithoutSpills() {
        Stream.of("g16.tile128x4", "g16.rows", "g64.tile128x4", "g64.rows")
                .flatMap(groups -> Stream.of(
                        "mxgemm/v1;pairs=e2m1xe2m1+e3m2xe4m3;groups=" + groups + ";epilogue=bias;out=bf16",
                        "mxgroupedgemm/v1;pairs=e2m1xe2m1;groups=" + groups + ";epilogue=none;out=bf16",
                        "mxquantize/v1;side=activation;formats=e2m1+e3m2+e4m3;rule=even;groups=" + groups
                                + ";prologue=rmsnorm;in=fp32"))
                .map(KernelSpec::parse)
                .parallel()
                .map(spec -> KernelVariant.of(spec, Target.SM_80))
                .forEach(CudaCompileTest::compile);
    }

    @Test
    void everyVariantOfAMixedGemmCompilesWithoutSpills() {
        KernelSpec spec = GemmSpecs.mixes().get(0);
        for (Target target : List.of(Target.SM_90A, Target.SM_100A)) {
            spec.space(target).legal().parallelStream()
                    .map(configuration -> new KernelVariant(spec, target, configuration))
                    .forEach(CudaCompileTest::compile);
        }
    }

    /** The assembler says in its log when it has to serialize products, which is a warning. */
    @Test
    void everyVariantOnWgmmaCompilesWithoutSpills() {
        for (GroupLayout groups : List.of(GroupLayout.STREAMED.asRelaxed(), GroupLayout.EXPANDED)) {
            MxGemmSpec spec = new MxGemmSpec(Catalogue.MICROMIX_MATCHED, groups, Epilogue.BIAS, ScalarType.BF16);
            spec.space(Target.SM_90A).legal().parallelStream()
                    .filter(configuration -> HopperGemm.of(configuration) == HopperGemm.WGMMA)
                    .map(configuration -> new KernelVariant(spec, Target.SM_90A, configuration))
                    .forEach(CudaCompileTest::compile);
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
        assertThat(source.sharedBytes() + kernel.staticSharedBytes())
                .as("shared memory of " + variant.text())
                .isLessThanOrEqualTo(variant.target().sharedMemoryPerBlock());
    }
}
