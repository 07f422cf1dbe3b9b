package org.mxforge.runtime.simulate;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mxforge.codegen.kernel.attention.AttentionCase;
import org.mxforge.codegen.kernel.attention.AttentionKind;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.spec.AttentionSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.AttentionStreamTiling;
import org.mxforge.dsl.tile.AttentionTiling;
import org.mxforge.dsl.tile.Pipeline;

/** Attention on tensor cores, in the simulator: prompts, sequences that share a tile, single tokens, ragged ends, windows. */
class TiledAttentionSimulationTest {
    private final SimulatedWorkspace gpu = new SimulatedWorkspace();

    @ParameterizedTest
    @CsvSource({
        "4, 4, 64, 2147483647, 0, 20",
        "8, 2, 128, 2147483647, 100 0, 33 5",
        "14, 2, 64, 2147483647, 3 0 255, 30 1 4",
        "4, 1, 64, 129, 300, 34",
        "4, 1, 64, 1, 127, 2",
        "4, 4, 80, 2147483647, 0, 20",
        "8, 2, 80, 2147483647, 100 0, 33 5",
        "6, 6, 80, 70, 300 0 255, 3 1 4",
        "14, 2, 96, 2147483647, 3 0 255, 30 1 4",
        "4, 1, 96, 129, 300, 34",
        "3, 3, 96, 2147483647, 500, 9",
        "4, 1, 96, 1, 127, 2",
        "6, 2, 112, 2147483647, 130 0, 20 70"
    })
    void onWgmma(int heads, int kvHeads, int head, int window, String starts, String counts) {
        check(
                KernelVariant.of(new AttentionSpec(head), AttentionKind.WGMMA, Target.SM_90A),
                new AttentionCase(heads, kvHeads, head, window, numbers(starts), numbers(counts)));
    }

    @ParameterizedTest
    @CsvSource({
        "SM_80, 4, 4, 64, 2147483647, 0, 20, 64, 64, 2",
        "SM_90A, 8, 2, 128, 2147483647, 100 0, 33 5, 64, 64, 2",
        "SM_86, 14, 2, 80, 2147483647, 3 0 255, 30 1 4, 64, 64, 2",
        "SM_80, 6, 2, 96, 70, 150 1, 10 3, 128, 32, 3",
        "SM_80, 3, 1, 16, 2147483647, 10, 40, 64, 64, 2",
        "SM_80, 4, 1, 64, 129, 300, 34, 128, 64, 2",
        "SM_80, 4, 1, 64, 1, 127, 2, 64, 32, 2"
    })
    void onMma(
            Target target,
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
        check(
                KernelVariant.of(new AttentionSpec(head), AttentionKind.MMA, target, tiling),
                new AttentionCase(heads, kvHeads, head, window, numbers(starts), numbers(counts)));
    }

    @ParameterizedTest
    @CsvSource({
        "SM_90A, 6, 2, 64, 2147483647, 0 260 63, 1 1 2, 4, 32, 2, 8",
        "SM_90A, 8, 1, 128, 2147483647, 600, 1, 8, 16, 2, 4",
        "SM_90A, 16, 1, 96, 100, 300 20, 1 1, 4, 16, 3, 2",
        "SM_86, 14, 2, 80, 2147483647, 200 40, 1 1, 4, 16, 2, 1",
        "SM_80, 3, 3, 16, 1, 130, 1, 1, 32, 3, 1"
    })
    void inAStream(
            Target target,
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
        AttentionStreamTiling tiling = new AttentionStreamTiling(warps, keys, new Pipeline(stages), parts);
        check(
                KernelVariant.of(new AttentionSpec(head), AttentionKind.STREAM, target, tiling),
                new AttentionCase(heads, kvHeads, head, window, numbers(starts), numbers(counts)));
    }

    private void check(KernelVariant variant, AttentionCase problem) {
        long out = gpu.room(ScalarType.BF16, problem.queries().length);
        gpu.launch(variant, problem.arguments(gpu::ints, gpu::bf16, gpu.bf16(problem.queries()), out));
        problem.check(gpu.read(ScalarType.BF16, out));
    }

    private static int[] numbers(String text) {
        return Stream.of(text.split(" ")).mapToInt(Integer::parseInt).toArray();
    }
}
