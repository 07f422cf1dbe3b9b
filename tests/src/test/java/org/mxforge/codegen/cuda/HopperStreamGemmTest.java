package org.mxforge.codegen.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.mxforge.codegen.JavaSource;
import org.mxforge.codegen.Variants;
import org.mxforge.codegen.kernel.gemm.MxGemmKind;
import org.mxforge.codegen.launcher.CompiledLaunchers;
import org.mxforge.codegen.launcher.LauncherEmitter;
import org.mxforge.codegen.launcher.RecordingKernel;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.MxGemmArguments;
import org.mxforge.dsl.launch.MxGemmOperands;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.Tolerance;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.StreamTiling;
import org.mxforge.dsl.tile.WgmmaTiling;
import org.mxforge.runtime.cuda.nvrtc.CompiledKernel;
import org.mxforge.runtime.cuda.nvrtc.CompiledKernel.ImageKind;
import org.mxforge.runtime.cuda.nvrtc.Nvrtc;

/** The GEMM that streams its weights: its variants, their text, what they compile to and how they are launched. */
class HopperStreamGemmTest {
    private static final MxGemmSpec FP4 = GemmSpecs.mixed("e2m1xe2m1", Epilogue.NONE, ScalarType.BF16);

    private static final MxGemmSpec MIXED = GemmSpecs.mixed(
                    "e2m1xe2m1+e3m2xe3m2+e4m3xe4m3", Epilogue.RESIDUAL, ScalarType.FP32)
            .with(Tolerance.WITHIN_4);

    /** One spec for each kind of weights, then mixes of them, with every epilogue and output between them. */
    static Stream<MxGemmSpec> specs() {
        Stream<MxGemmSpec> specs = Stream.of(
                        FP4,
                        GemmSpecs.mixed("e3m2xe4m3", Epilogue.BIAS, ScalarType.FP16),
                        GemmSpecs.mixed("e4m3xe2m3", Epilogue.SILU_MUL, ScalarType.BF16),
                        MIXED,
                        MxGemmSpec.exact(GemmSpecs.LARGEST.pairs(), Epilogue.BIAS, ScalarType.BF16))
                .map(spec -> spec.equals(FP4) ? spec : spec.with(Tolerance.WITHIN_4));
        return Stream.concat(specs, Stream.of(MIXED.with(Tolerance.EXACT)));
    }

    private static List<KernelVariant> variants(MxGemmSpec spec) {
        boolean folded =
                MxGemmKind.STREAM_FRAGMENTS.refusal(spec, Target.SM_90A).isEmpty();
        return Variants.all(
                spec, folded ? MxGemmKind.STREAM_FRAGMENTS : MxGemmKind.STREAM_MIXED_FRAGMENTS, Target.SM_90A);
    }

    private static KernelVariant variant(MxGemmSpec spec, String configuration) {
        return KernelVariant.of(spec, MxGemmKind.STREAM_FRAGMENTS, Target.SM_90A, Configuration.parse(configuration));
    }

    @ParameterizedTest
    @MethodSource("specs")
    void emitsTheSameTextEveryTimeAndFits(MxGemmSpec spec) {
        for (KernelVariant variant : variants(spec)) {
            CudaSource source = CudaEmitter.emit(variant);
            assertThat(CudaEmitter.emit(KernelVariant.parse(variant.text()))).isEqualTo(source);
            assertThat(source.text())
                    .startsWith("// GENERATED from " + variant.text() + "; do not edit\n")
                    .containsOnlyOnce(" " + source.entryPoint() + "(\n")
                    .doesNotContain("#include", "\t", " \n", "$", "\n\n\n", isJoint(variant) ? "ldmatrix" : "wgmma");
            assertThat(source.threads()).isEqualTo(32 * variant.configuration().get("warps"));
            assertThat(source.sharedBytes()).isPositive().isLessThanOrEqualTo(Target.SM_90A.sharedMemoryPerBlock());
        }
    }

    private static boolean isJoint(KernelVariant variant) {
        return StreamTiling.isJoint(StreamTiling.of(variant.configuration()).tokens());
    }

    /** A single token, or two, share products where no weight needs more than FP8. */
    @Test
    void warpsMultiplyTwoTokensTogetherWhereAllWeightsAreFp4() {
        MxGemmSpec narrow = GemmSpecs.mixed("e2m1xe2m1+e3m2xe2m1", Epilogue.NONE, ScalarType.BF16);
        for (MxGemmSpec spec : List.of(FP4, narrow)) {
            assertThat(variants(spec)).filteredOn(HopperStreamGemmTest::isJoint).hasSize(3);
        }
        assertThat(variants(MIXED)).noneMatch(HopperStreamGemmTest::isJoint);
        assertThat(MxGemmKind.STREAM_FRAGMENTS
                        .usual(FP4, Target.SM_90A, new GemmShape(1, 4096, List.of(4096)))
                        .get("bm"))
                .isEqualTo(StreamTiling.JOINT_TOKENS);
    }

    @ParameterizedTest
    @MethodSource("specs")
    void thereAreVariantsForEveryFewTokensAndTheDefaultIsForMany(MxGemmSpec spec) {
        assertThat(KernelVariant.of(spec, Target.SM_90A).tiling()).isInstanceOf(WgmmaTiling.class);
        assertThat(variants(spec)).hasSizeBetween(10, 20);
        for (int bm : new int[] {8, 16, 32, 64}) {
            assertThat(variants(spec))
                    .anyMatch(variant -> variant.configuration().get("bm") == bm);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bm=8,bn=128,warps=4|16 or 32 weights",
                "bm=2,bn=32,warps=4|multiplies with others has 16 weights",
                "bm=128,bn=16,warps=4|8, 16, 32 or 64 tokens",
                "bm=16,bn=16,warps=12|4, 8 or 16 warps",
                "bm=16,bn=16,promote=128,warps=4|unknown parameters: use bm, bn, warps",
                "bm=16,bn=16|no parameter 'warps'",
            })
    void whatItCannotTakeIsRefused(String configuration, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> variant(FP4, configuration))
                .withMessageContaining(reason);
    }

    /** What is not worth trying is legal all the same. */
    @Test
    void theSearchLeavesOutWhatTheKernelCouldDo() {
        for (String legal : List.of("bm=8,bn=32,warps=4", "bm=64,bn=32,warps=8")) {
            assertThat(variants(FP4)).doesNotContain(variant(FP4, legal));
        }
    }

    @ParameterizedTest
    @MethodSource("specs")
    void compilesWithoutSpills(MxGemmSpec spec) {
        variants(spec).parallelStream()
                .filter(variant -> variant.configuration().get("warps") == 4)
                .forEach(variant -> {
                    CompiledKernel kernel = compile(variant);
                    assertThat(kernel.spillBytes())
                            .as("spills of " + variant.text())
                            .isZero();
                    assertThat(kernel.log())
                            .as(variant.text())
                            .contains(" 0 bytes stack frame")
                            .doesNotContain("warning");
                });
    }

    /** Blocks for 14336 weights, or for 4096 in 16 warps, are all resident at once on 132 multiprocessors of 64 Ki registers. */
    @ParameterizedTest
    @CsvSource({"2,4,14336", "2,16,4096", "8,4,14336", "16,4,14336", "8,16,4096", "16,16,4096"})
    void allBlocksOfALayerAreResident(int bm, int warps, int weights) {
        CompiledKernel kernel = compile(variant(FP4, "bm=" + bm + ",bn=16,warps=" + warps));
        int registers = (kernel.registers() + 7) / 8 * 8;
        assertThat(65536 / (registers * 32 * warps) * 132).isGreaterThanOrEqualTo(weights / 16);
    }

    @Test
    void aBlockTakesATileOfTokensAndAFewWeights() {
        CudaSource source = CudaEmitter.emit(variant(MIXED, "bm=16,bn=32,warps=8"));
        JavaSource launcher = LauncherEmitter.emit(source);
        RecordingKernel kernel = new RecordingKernel();
        MxGemmArguments arguments = new MxGemmArguments(
                33,
                129,
                List.of(
                        new MxGemmOperands(0x100, 0x110, 0x120, 0x130, 96),
                        new MxGemmOperands(0, 0, 0, 0, 0),
                        new MxGemmOperands(0x200, 0x110, 0x220, 0x130, 32)),
                0x800,
                0x900);
        new CompiledLaunchers(List.of(launcher)).instantiate(launcher).launch(kernel, null, arguments);
        assertThat(kernel.launches())
                .containsExactly(new RecordingKernel.Launch(
                        5,
                        3,
                        1,
                        256,
                        source.sharedBytes(),
                        List.of(
                                33, 129, 0x100L, 0x110L, 0x120L, 0x130L, 96, 0L, 0L, 0L, 0L, 0, 0x200L, 0x110L, 0x220L,
                                0x130L, 32, 0x800L, 0x900L)));
    }

    @Test
    void theDefaultStaysOneBlockForEachMultiprocessor() {
        JavaSource launcher = LauncherEmitter.emit(CudaEmitter.emit(KernelVariant.of(FP4, Target.SM_90A)));
        assertThat(launcher.text()).contains("kernel.fact(DeviceFact.MULTIPROCESSORS)", ", multiprocessors)");
    }

    private static CompiledKernel compile(KernelVariant variant) {
        CudaSource source = CudaEmitter.emit(variant);
        return Nvrtc.load().compile(source.entryPoint(), source.text(), Target.SM_90A, ImageKind.CUBIN);
    }
}
