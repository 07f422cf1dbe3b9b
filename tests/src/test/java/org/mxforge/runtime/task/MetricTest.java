package org.mxforge.runtime.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricTest {
    @Test
    void errorIsThatOfASample() {
        Metric.Estimate estimate = Metric.ACC.estimate(List.of(new double[] {1, 0, 1, 1}));
        assertThat(estimate.value()).isEqualTo(0.75);
        assertThat(estimate.error()).isCloseTo(Math.sqrt(0.25 / 4), within(1e-12));
        assertThat(Metric.ACC.estimate(List.of(new double[] {1})).error()).isNaN();
    }

    /** As the harness's {@code pooled_sample_stderr} of (0.5, 4 items) and (1/3, 3 items) with their own errors. */
    @Test
    void variancesOfGroupsArePooled() {
        Metric.Estimate estimate = Metric.ACC.estimate(List.of(new double[] {1, 0, 1, 0}, new double[] {0, 1, 0}));
        double first = 1.0 / 3;
        double second = (1.0 / 9 + 4.0 / 9 + 1.0 / 9) / 2;
        assertThat(estimate.value()).isCloseTo(3.0 / 7, within(1e-12));
        assertThat(estimate.error()).isCloseTo(Math.sqrt((3 * first + 2 * second) / (7 - 2) / 7), within(1e-12));
    }

    @Test
    void perplexityIsOfPassages() {
        Metric.Estimate estimate = Metric.PERPLEXITY.estimate(List.of(new double[] {-1, -3}));
        assertThat(estimate.value()).isCloseTo(Math.exp(2), within(1e-12));
        assertThat(estimate.error()).isCloseTo(Math.exp(2), within(1e-12));
    }

    /** Binomial tails by hand. */
    @ParameterizedTest
    @CsvSource({"0,0,1", "3,3,1", "0,1,1", "0,5,0.0625", "2,8,0.109375", "1000,1000,1", "1000,1200,0.0000218"})
    void flipsAreTested(int lost, int gained, double probability) {
        RunComparison comparison = new RunComparison("t", 5000, Metric.ACC, 0.5, 0.5, lost, gained);
        assertThat(comparison.probability()).isCloseTo(probability, within(2e-6));
    }
}
