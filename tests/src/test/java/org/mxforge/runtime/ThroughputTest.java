package org.mxforge.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.mxforge.runtime.Throughput.Samples;
import org.mxforge.runtime.base.Trace;
import org.mxforge.runtime.base.options.Workload;
import org.mxforge.runtime.model.Generator;

class ThroughputTest {
    @Test
    void theIntervalIsStudents() {
        Samples samples = new Samples(List.of(1.0, 2.0, 3.0, 4.0));
        assertThat(samples.mean()).isEqualTo(2.5);
        // A deviation of sqrt(5 / 3), a mean of four, and t of 3 degrees of freedom.
        assertThat(samples.interval().orElseThrow()).isCloseTo(3.182 * Math.sqrt(5.0 / 3 / 4), within(1e-9));
        assertThat(new Samples(List.of(2.0, 2.0)).interval()).hasValue(0);
        assertThat(new Samples(Collections.nCopies(100, 1.0)).interval()).hasValue(0);
    }

    @Test
    void oneSampleHasNoInterval() {
        assertThat(new Samples(List.of(7.0)).interval()).isEmpty();
        assertThatThrownBy(() -> new Samples(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void ratesCountAllSequences() {
        Workload load = new Workload(4, 100, 10, 0, 2);
        Generator.Timed timed = new Generator.Timed(
                List.of(new Generator.Pass(1_000_000, 20_000_000), new Generator.Pass(3_000_000, 60_000_000)),
                OptionalLong.of(5),
                new Trace(List.of(), List.of()),
                new Trace(List.of(), List.of()));
        Throughput result = Throughput.of(load, timed);
        assertThat(result.prefill().millis()).containsExactly(1.0, 3.0);
        assertThat(result.step().millis()).containsExactly(2.0, 6.0);
        assertThat(result.prefillTokensPerSecond()).isEqualTo(200_000);
        assertThat(result.decodeTokensPerSecond()).isEqualTo(1000);
        assertThat(result.memory()).hasValue(5);
    }

    @Test
    void ratesOfAGeneration() {
        Generation.Timing timing = Generation.of(
                        new Generator.Written(new int[2], 500_000_000, 1, 250_000_000), 10, "x", Generation.End.LENGTH)
                .timing();
        assertThat(timing.promptTokensPerSecond()).isEqualTo(20);
        assertThat(timing.writingTokensPerSecond()).hasValue(4);
        assertThat(Generation.of(new Generator.Written(new int[1], 1, 0, 0), 10, "x", Generation.End.LENGTH)
                        .timing()
                        .writingTokensPerSecond())
                .isEmpty();
    }
}
