package org.mxforge.codegen.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mxforge.codegen.Variants;
import org.mxforge.codegen.catalogue.Catalogue;
import org.mxforge.codegen.kernel.gemm.FormatMixes;
import org.mxforge.codegen.kernel.gemm.MxGemmKind;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.KernelKinds;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.Tolerance;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.MmaTiling;
import org.mxforge.runtime.cuda.nvrtc.CompiledKernel;
import org.mxforge.runtime.cuda.nvrtc.CompiledKernel.ImageKind;
import org.mxforge.runtime.cuda.nvrtc.Nvrtc;

/** NVRTC compiles every kernel of the catalogue for every current target with no spill; as many at a time as there are cores. */
class CudaCompileTest {
    @ParameterizedTest
    @EnumSource(
            value = Target.class,
            names = {"SM_80", "SM_90A", "SM_120A"})
    void everyKernelOfTheCatalogueCompilesWithoutSpills(Target target) {
        Stream.concat(Catalogue.of(target).stream(), GemmSpecs.mixes().stream().flatMap(spec -> GemmSpecs.onMma(
                                spec, target)
                        .limit(1)))
                .distinct()
                .parallel()
                .forEach(CudaCompileTest::compile);
    }

    /** The largest shared tiles that its smaller memory allows, and one kernel of each other kind; NVRTC needs too long for all. */
    @Test
    void oneKernelOfEachKindCompilesForTheSmallestMemory() {
        Stream.of(
                        GemmSpecs.LARGEST,
                        KernelSpec.parse("densegemm/v1;epilogue=residual;out=bf16"),
                        KernelSpec.parse("int8gemm/v1;epilogue=residual;out=bf16"),
                        KernelSpec.parse("mxquantize/v2;side=activation;formats=e2m1+e3m2+e4m3;rule=ceil;"
                                + "groups=g32;prologue=rmsnorm;in=fp32;tolerance=exact"),
                        KernelSpec.parse("attention/v1;head=128"))
                .parallel()
                .flatMap(spec -> mostShared(spec, Target.SM_86))
                .forEach(CudaCompileTest::compile);
    }

    /** The default variant of {@code spec} and the one with the most shared memory. */
    private static Stream<KernelVariant> mostShared(KernelSpec spec, Target target) {
        KernelVariant usual = KernelVariant.of(spec, target);
        KernelVariant largest = Variants.all(spec, usual.algorithm(), target).stream()
                .max(Comparator.comparingInt(
                        variant -> CudaEmitter.emit(variant).sharedBytes()))
                .orElseThrow();
        return Stream.of(usual, largest).distinct();
    }

    /** Twice as many as those of other operands. */
    @Test
    void tilesWithTheMostSumsOfIntegersCompileWithoutSpills() {
        KernelSpec spec = KernelSpec.parse("int8gemm/v1;epilogue=residual;out=fp32");
        Stream.of(Target.SM_80, Target.SM_90A, Target.SM_120A)
                .parallel()
                .flatMap(target -> Variants.all(spec, KernelKinds.algorithm(spec, "mma"), target).stream()
                        .filter(variant -> ((MmaTiling) variant.tiling())
                                                .warps()
                                                .threads()
                                        * 128
                                == ((MmaTiling) variant.tiling()).block().m()
                                        * ((MmaTiling) variant.tiling()).block().n())
                        .limit(2))
                .forEach(CudaCompileTest::compile);
    }

    @Test
    void groupsOfOtherSizesCompileWithoutSpills() {
        Stream.of("g16", "g64")
                .flatMap(groups -> Stream.of(
                        "mxgemm/v2;pairs=e2m1xe2m1+e3m2xe4m3;groups=" + groups
                                + ";epilogue=bias;out=bf16;tolerance=exact",
                        "mxgroupedgemm/v2;pairs=e2m1xe2m1;groups=" + groups + ";epilogue=none;out=bf16;tolerance=exact",
                        "mxquantize/v2;side=activation;formats=e2m1+e3m2+e4m3;rule=even;groups=" + groups
                                + ";prologue=rmsnorm;in=fp32;tolerance=exact"))
                .map(KernelSpec::parse)
                .flatMap(spec -> KernelKinds.algorithms(spec, Target.SM_80).stream()
                        .map(algorithm -> KernelVariant.of(spec, algorithm, Target.SM_80)))
                .parallel()
                .forEach(CudaCompileTest::compile);
    }

    @Test
    void everyVariantOfAMixedGemmCompilesWithoutSpills() {
        KernelSpec spec = GemmSpecs.mixes().get(0);
        for (Target target : List.of(Target.SM_90A, Target.SM_100A)) {
            GemmSpecs.onMma(spec, target).parallel().forEach(CudaCompileTest::compile);
        }
    }

    @Test
    void everyVariantAndPairOfScaledProductsCompilesWithoutSpills() {
        MxGemmSpec mixed = MxGemmSpec.exact(FormatMixes.MICROMIX_MATCHED, Epilogue.BIAS, ScalarType.BF16);
        Stream.concat(
                        Variants.all(mixed, MxGemmKind.MMA_SCALED, Target.SM_120A).stream(),
                        GemmSpecs.pairs().stream().map(spec -> KernelVariant.of(spec, Target.SM_120A)))
                .parallel()
                .forEach(CudaCompileTest::compile);
    }

    /** The assembler says in its log when it has to serialize products, which is a warning. */
    @Test
    void everyVariantOnWgmmaCompilesWithoutSpills() {
        MxGemmSpec spec = MxGemmSpec.exact(FormatMixes.MICROMIX_MATCHED, Epilogue.BIAS, ScalarType.BF16)
                .with(Tolerance.WITHIN_4);
        Stream.of(MxGemmKind.WGMMA_FRAGMENTS, MxGemmKind.WGMMA_BF16)
                .flatMap(algorithm -> Variants.all(spec, algorithm, Target.SM_90A).stream())
                .parallel()
                .forEach(CudaCompileTest::compile);
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
