package org.mxforge.codegen.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.RingTiling;
import org.mxforge.runtime.cuda.nvrtc.CompiledKernel;
import org.mxforge.runtime.cuda.nvrtc.CompiledKernel.ImageKind;
import org.mxforge.runtime.cuda.nvrtc.Nvrtc;

/** The GEMM whose weights come in rings: its variants, what they compile to, what they permit and how they are launched. */
class HopperRingGemmTest {
    private static final MxGemmSpec FP4 = GemmSpecs.mixed("e2m1xe2m1", Epilogue.NONE, ScalarType.BF16);

    private static List<KernelVariant> variants(MxGemmSpec spec) {
        return Variants.all(spec, MxGemmKind.RING_FRAGMENTS, Target.SM_90A);
    }

    private static KernelVariant variant(String configuration) {
        return KernelVariant.of(FP4, MxGemmKind.RING_FRAGMENTS, Target.SM_90A, Configuration.parse(configuration));
    }

    static Stream<MxGemmSpec> specs() {
        return HopperStreamGemmTest.specs()
                .filter(spec ->
                        MxGemmKind.RING_FRAGMENTS.refusal(spec, Target.SM_90A).isEmpty());
    }

    @ParameterizedTest
    @MethodSource("specs")
    void thereAreVariantsForEveryFewTokensAndTheyCompileWithoutSpills(MxGemmSpec spec) {
        for (int bm : new int[] {16, 32, 64}) {
            KernelVariant variant = variants(spec).stream()
                    .filter(any -> any.configuration().get("bm") == bm)
                    .reduce((first, last) -> last)
                    .orElseThrow();
            CudaSource source = CudaEmitter.emit(variant);
            CompiledKernel kernel =
                    Nvrtc.load().compile(source.entryPoint(), source.text(), Target.SM_90A, ImageKind.CUBIN);
            assertThat(kernel.spillBytes()).as("spills of " + variant.text()).isZero();
            assertThat(kernel.log()).as(variant.text()).doesNotContain("warning");
        }
    }

    /** How many slots a ring has is no matter of registers. */
    @Test
    void onlyFourWarpgroupsFor32TokensSpill() {
        Map<List<Integer>, KernelVariant> blocks = new HashMap<>();
        for (KernelVariant variant : variants(GemmSpecs.mixed("e2m1xe2m1", Epilogue.RESIDUAL, ScalarType.FP32))) {
            RingTiling tiling = RingTiling.of(variant.configuration());
            if (tiling.tokens() != 32 || tiling.teams() * tiling.ways() < 4) {
                blocks.put(List.of(tiling.tokens(), tiling.teams(), tiling.ways(), tiling.parts()), variant);
            }
        }
        assertThat(blocks.values().parallelStream().filter(HopperRingGemmTest::spills))
                .isEmpty();
    }

    private static boolean spills(KernelVariant variant) {
        CudaSource source = CudaEmitter.emit(variant);
        return Nvrtc.load()
                        .compile(source.entryPoint(), source.text(), Target.SM_90A, ImageKind.CUBIN)
                        .spillBytes()
                > 0;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bm=8,teams=2,ways=2,parts=2,stages=8|16, 32 or 64 tokens",
                "bm=32,teams=2,ways=4,parts=2,stages=8|1 to 4 warpgroups",
                "bm=32,teams=1,ways=3,parts=2,stages=8|1, 2 or 4 warpgroups",
                "bm=16,teams=2,ways=2,parts=3,stages=8|1, 2, 4 or 8 blocks",
                "bm=32,teams=1,ways=4,parts=2,stages=3|each of them has a slot",
                "bm=16,teams=1,ways=4,parts=4,stages=8|finishes two sums of each of its threads",
                "bm=16,teams=2,ways=2,parts=2,stages=30|fit into shared memory",
            })
    void whatItCannotTakeIsRefused(String configuration, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> variant(configuration))
                .withMessageContaining(reason);
    }

    @Test
    void tokensHaveToFitBesideTheRings() {
        KernelVariant variant = variant("bm=32,teams=2,ways=2,parts=4,stages=8");
        assertThat(permits(variant, new GemmShape(32, 4096, List.of(4096)))).isTrue();
        assertThat(permits(variant, new GemmShape(32, 4096, List.of(14336)))).isFalse();
        assertThat(permits(variant("bm=32,teams=2,ways=1,parts=8,stages=8"), new GemmShape(32, 4096, List.of(14336))))
                .isTrue();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> launch(variant, 32, 4096, 14336))
                .withMessageContaining("tokens take 114688 bytes of shared memory");
    }

    private static boolean permits(KernelVariant variant, GemmShape shape) {
        return variant.algorithm().permits(variant.spec(), variant.configuration(), shape);
    }

    @Test
    void allClustersTakeAsManyTiles() {
        RecordingKernel.Launch launch = launch(variant("bm=32,teams=2,ways=2,parts=4,stages=8"), 32, 6144, 4096);
        // 96 tiles are 4 for each of 24 clusters, of which 30 would run on 132 multiprocessors.
        assertThat(launch.gridX()).isEqualTo(96);
        assertThat(launch.gridY()).isEqualTo(1);
        assertThat(launch.threads()).isEqualTo(576);
        // Two rings of 8 slots, for each of 4 warpgroups twice what 7 others send, barriers, padded; a quarter of the
        // tokens.
        assertThat(launch.sharedBytes()).isEqualTo((2 * 8 * 4352 + 4 * 2 * 7 * 1024 + 1024) + 8 * 4096);
    }

    private static RecordingKernel.Launch launch(KernelVariant variant, int m, int n, int k) {
        JavaSource launcher = LauncherEmitter.emit(CudaEmitter.emit(variant));
        RecordingKernel kernel = new RecordingKernel();
        MxGemmArguments arguments =
                new MxGemmArguments(m, n, List.of(new MxGemmOperands(0x100, 0x110, 0x120, 0x130, k)), 0, 0x900);
        new CompiledLaunchers(List.of(launcher)).instantiate(launcher).launch(kernel, null, arguments);
        return kernel.launches().get(0);
    }
}
