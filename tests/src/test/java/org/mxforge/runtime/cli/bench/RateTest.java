package org.mxforge.runtime.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.tune.cost.CostModel;

class RateTest {
    private static final List<ElementFormat> FORMATS =
            List.of(ElementFormat.E2M1, ElementFormat.E3M2, ElementFormat.E4M3);

    @Test
    void bytesAndOperationsOverTime() {
        Rate rate = new Rate(0.5, 1e9, 3e12);
        assertThat(rate.gigabytesPerSecond()).isCloseTo(2000, within(1e-9));
        assertThat(rate.teraflops()).isCloseTo(6000, within(1e-9));
        assertThatIllegalArgumentException().isThrownBy(() -> new Rate(0, 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Rate(Double.NaN, 1, 1));
    }

    @Test
    void utilisationIsOfWhatTheClockAllows() {
        CostModel h200 = CostModel.of(Target.SM_90A, "NVIDIA H200", 132);
        double flopsPerClock = h200.flopsPerClock(8);
        assertThat(flopsPerClock).isEqualTo(132 * 8192.0);
        Rate rate = new Rate(1, 1, 1226e9);
        assertThat(rate.utilisation(1283, flopsPerClock)).isCloseTo(1226 / (1.0813 * 1283), within(1e-4));
        assertThat(rate.utilisation(1283, h200.flopsPerClock(16))).isCloseTo(2 * 1226 / (1.0813 * 1283), within(2e-4));
    }
}
