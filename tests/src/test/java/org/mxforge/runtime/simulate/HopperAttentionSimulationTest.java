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

/** Attention in tiles on wgmma, in the simulator: prompts, sequences that share a tile, ragged ends, windows. */
class HopperAttentionSimulationTest {
    private final SimulatedWorkspace gpu = new SimulatedWorkspace();

    @ParameterizedTest
    @CsvSource({
        "4, 4, 64, 2147483647, 0, 20",
        "8, 2, 128, 2147483647, 100 0, 33 5",
        "14, 2, 64, 2147483647, 3 0 255, 30 1 4",
        "4, 1, 64, 129, 300, 34",
        "4, 1, 64, 1, 127, 2"
    })
    void tilesAttendToWhatCameBefore(int heads, int kvHeads, int head, int window, String starts, String counts) {
        AttentionCase problem = new AttentionCase(heads, kvHeads, head, window, numbers(starts), numbers(counts));
        long out = gpu.room(ScalarType.BF16, problem.queries().length);
        gpu.launch(
                KernelVariant.of(new AttentionSpec(head), AttentionKind.WGMMA, Target.SM_90A),
                problem.arguments(gpu::ints, gpu::bf16, gpu.bf16(problem.queries()), out));
        problem.check(gpu.read(ScalarType.BF16, out));
    }

    private static int[] numbers(String text) {
        return Stream.of(text.split(" ")).mapToInt(Integer::parseInt).toArray();
    }
}
