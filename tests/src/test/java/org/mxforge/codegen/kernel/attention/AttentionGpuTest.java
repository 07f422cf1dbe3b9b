package org.mxforge.codegen.kernel.attention;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mxforge.dsl.spec.AttentionSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.AttentionStreamTiling;
import org.mxforge.dsl.tile.AttentionTiling;
import org.mxforge.dsl.tile.Pipeline;
import org.mxforge.dsl.tile.RowTiling;
import org.mxforge.tests.gpu.GpuWorkspace;

/** Attention against its formula in FP64: heads of every width, prompts, single tokens, long caches and sliding windows. */
@Tag("gpu")
class AttentionGpuTest {
    @ParameterizedTest
    @CsvSource({
        "8, 3, 150, 2147483647, 256",
        "8, 2, 0, 2147483647, 512",
        "64, 1, 0, 2147483647, 256",
        "64, 33, 0, 2147483647, 256",
        "64, 3, 150, 2147483647, 128",
        "64, 1, 2047, 2147483647, 512",
        "80, 3, 150, 2147483647, 256",
        "128, 2, 700, 2147483647, 256",
        "136, 5, 31, 2147483647, 128",
        "256, 3, 150, 2147483647, 256",
        "256, 1, 400, 2147483647, 512",
        "64, 33, 0, 8, 256",
        "64, 3, 150, 1, 256",
        "64, 1, 2047, 1000, 512",
        "80, 3, 150, 152, 256",
        "128, 2, 700, 256, 256",
        "136, 5, 31, 33, 128"
    })
    void attendsToWhatCameBefore(int head, int rows, int start, int window, int threads) {
        KernelVariant usual = KernelVariant.of(new AttentionSpec(head), AttentionKind.ROWS, GpuWorkspace.target());
        KernelVariant variant =
                KernelVariant.of(usual.spec(), usual.algorithm(), usual.target(), new RowTiling(threads));
        check(variant, new AttentionCase(6, 2, head, window, new int[] {start}, new int[] {rows}));
    }

    @ParameterizedTest
    @CsvSource({
        "6, 2, 64, 2147483647, 0, 100",
        "8, 8, 128, 2147483647, 0, 128",
        "8, 2, 128, 2147483647, 0 700 63, 130 1 65",
        "28, 4, 128, 2147483647, 150 0, 37 5",
        "4, 4, 64, 2147483647, 3 0 255, 300 1 45",
        "32, 8, 128, 100, 0 250, 260 7",
        "8, 2, 64, 1, 130, 150",
        "8, 2, 64, 129, 1000, 300",
        "16, 1, 128, 2147483647, 31, 40",
        "32, 32, 80, 2147483647, 0 700 63, 130 1 65",
        "4, 1, 80, 1, 130, 150",
        "32, 32, 80, 2147483647, 0 500, 900 300",
        "32, 32, 96, 2147483647, 0 500, 900 300",
        "28, 4, 96, 2147483647, 150 0, 37 5",
        "32, 32, 96, 2047, 3000, 260",
        "6, 2, 112, 100, 0 250, 260 7",
        "32, 32, 64, 2147483647, 0 500, 900 300"
    })
    void tilesAttendToWhatCameBefore(int heads, int kvHeads, int head, int window, String starts, String counts) {
        Assumptions.assumeTrue(GpuWorkspace.target() == Target.SM_90A, "wgmma is for sm_90a");
        KernelVariant variant = KernelVariant.of(new AttentionSpec(head), AttentionKind.WGMMA, Target.SM_90A);
        check(variant, new AttentionCase(heads, kvHeads, head, window, numbers(starts), numbers(counts)));
    }

    /** Every head size, with one sequence and with several, with all positions and a window. */
    @ParameterizedTest
    @CsvSource({
        "6, 2, 16, 2147483647, 0, 100, 64, 64, 2",
        "6, 2, 64, 2147483647, 0 700 63, 130 1 65, 64, 64, 2",
        "8, 8, 64, 129, 1000, 300, 128, 64, 3",
        "32, 32, 80, 2147483647, 0 700 63, 130 1 65, 64, 64, 2",
        "4, 1, 80, 1, 130, 150, 128, 32, 2",
        "28, 4, 96, 2147483647, 150 0, 37 5, 64, 64, 2",
        "32, 32, 96, 100, 0 250, 260 7, 64, 32, 3",
        "8, 2, 128, 2147483647, 0 700 63, 130 1 65, 64, 64, 2",
        "32, 8, 128, 100, 0 250, 260 7, 128, 64, 2",
        "64, 1, 128, 2147483647, 31, 40, 64, 64, 2"
    })
    void tilesOnMmaAttendToWhatCameBefore(
            int heads,
            int kvHeads,
            int head,
            int window,
            String starts,
            String counts,
            int rows,
            int keys,
            int stages) {
        AttentionTiling tiling = new AttentionTiling(rows, keys, new Pipeline(stages));
        KernelVariant variant =
                KernelVariant.of(new AttentionSpec(head), AttentionKind.MMA, GpuWorkspace.target(), tiling);
        check(variant, new AttentionCase(heads, kvHeads, head, window, numbers(starts), numbers(counts)));
    }

    @ParameterizedTest
    @CsvSource({"64, 2147483647, 0 700 63, 1 1 1", "128, 2147483647, 2047, 1", "80, 100, 400 3, 1 2", "128, 1, 40, 3"})
    void partsAttendToWhatCameBefore(int head, int window, String starts, String counts) {
        Assumptions.assumeTrue(GpuWorkspace.target() == Target.SM_90A, "clusters are for sm_90a");
        KernelVariant variant = KernelVariant.of(new AttentionSpec(head), AttentionKind.PARTS, Target.SM_90A);
        check(variant, new AttentionCase(6, 2, head, window, numbers(starts), numbers(counts)));
    }

    @ParameterizedTest
    @CsvSource({
        "6, 2, 16, 2147483647, 700, 1, 4, 32, 2, 1",
        "6, 2, 64, 2147483647, 0 700 63, 1 1 2, 4, 32, 2, 1",
        "8, 1, 64, 129, 1000, 1, 8, 16, 3, 1",
        "16, 1, 80, 2147483647, 2047 5, 1 1, 4, 16, 2, 1",
        "4, 4, 96, 1, 130 131, 1 1, 2, 32, 2, 1",
        "32, 8, 128, 2147483647, 2047 0 511, 1 1 1, 4, 16, 2, 1",
        "6, 2, 64, 2147483647, 0 700 63, 1 1 2, 4, 32, 3, 8",
        "16, 1, 80, 2147483647, 2047 5, 1 1, 8, 16, 2, 4",
        "32, 32, 96, 100, 4000, 1, 4, 16, 2, 2",
        "32, 8, 128, 2147483647, 8191, 1, 4, 32, 2, 8",
        "32, 8, 128, 2147483647, 2047 0 511, 1 1 1, 8, 16, 2, 8"
    })
    void streamsAttendToWhatCameBefore(
            int heads,
            int kvHeads,
            int head,
            int window,
            String starts,
            String counts,
            int warps,
            int keys,
            int stages,
            int parts) {
        Assumptions.assumeTrue(parts == 1 || GpuWorkspace.target() == Target.SM_90A, "clusters are for sm_90a");
        AttentionStreamTiling tiling = new AttentionStreamTiling(warps, keys, new Pipeline(stages), parts);
        KernelVariant variant =
                KernelVariant.of(new AttentionSpec(head), AttentionKind.STREAM, GpuWorkspace.target(), tiling);
        check(variant, new AttentionCase(heads, kvHeads, head, window, numbers(starts), numbers(counts)));
    }

    private static int[] numbers(String text) {
        return Stream.of(text.split(" ")).mapToInt(Integer::parseInt).toArray();
    }

    /** The result over its own queries is the same. */
    private static void check(KernelVariant variant, AttentionCase problem) {
        try (GpuWorkspace gpu = new GpuWorkspace()) {
            int length = problem.queries().length;
            long queries = gpu.bf16(problem.queries());
            long out = gpu.bytes(2 * length, (byte) 0x7f);
            gpu.launch(variant, problem.arguments(gpu::ints, gpu::bf16, queries, out));
            float[] computed = gpu.readBf16(out, length);
            problem.check(computed);
            gpu.launch(variant, problem.arguments(gpu::ints, gpu::bf16, queries, queries));
            assertThat(gpu.readBf16(queries, length)).isEqualTo(computed);
        }
    }
}
