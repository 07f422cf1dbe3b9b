package org.mxforge.tests.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The parts of the GPU tests together are all of them, each once, and none has many more than another. */
class GpuShardTest {
    private static final int PARTS = 8;
    private static final int RUNS = 800;

    @Test
    void eachRunIsInOnePart() {
        int[] loads = new int[PARTS];
        for (int run = 1; run <= RUNS; run++) {
            String test =
                    "[engine:junit-jupiter]/[class:org.mxforge.Some]/[test-template:runs(int)]/[test-template-invocation:#"
                            + run + "]";
            List<Integer> parts = IntStream.rangeClosed(1, PARTS)
                    .filter(part -> GpuShard.has(part + "/" + PARTS, test))
                    .boxed()
                    .toList();
            assertThat(parts).as(test).hasSize(1);
            loads[parts.get(0) - 1]++;
        }
        assertThat(IntStream.of(loads)).allMatch(load -> load > RUNS / PARTS * 3 / 4 && load < RUNS / PARTS * 5 / 4);
    }

    @Test
    void textsThatNameNoPartAreRefused() {
        for (String text : List.of("", "0/4", "5/4", "4", "1/0", "a/b")) {
            assertThatThrownBy(() -> GpuShard.has(text, "test"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("write 2/8");
        }
    }
}
