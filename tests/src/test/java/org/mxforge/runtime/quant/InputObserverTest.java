package org.mxforge.runtime.quant;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class InputObserverTest {
    private static final float[] FIRST = {1, -2, 3, 4};
    private static final float[] SECOND = {-5, 0};

    @Test
    void channelsHaveTheirMeanAndLargestSize() {
        InputStatistics.Channel found = (InputStatistics.Channel) gathered(InputStatistics.Kind.CHANNEL);
        assertThat(found.rows()).isEqualTo(3);
        assertThat(found.meanAbs()).containsExactly(3, 2);
        assertThat(found.maxAbs()).containsExactly(5, 4);
    }

    @Test
    void theHessianIsTheMeanOfAllProducts() {
        InputStatistics.Hessian found = (InputStatistics.Hessian) gathered(InputStatistics.Kind.HESSIAN);
        assertThat(found.rows()).isEqualTo(3);
        assertThat(found.mean()).containsExactly(35 / 3.0, 10 / 3.0, 10 / 3.0, 20 / 3.0);
    }

    @Test
    void aSiteThatNoTokenReachedHasZeros() {
        InputObserver hessian = InputObserver.of(InputStatistics.Kind.HESSIAN, 2);
        assertThat(((InputStatistics.Hessian) hessian.statistics()).mean()).containsOnly(0);
    }

    private static InputStatistics gathered(InputStatistics.Kind kind) {
        InputObserver observer = InputObserver.of(kind, 2);
        observer.add(FIRST, 2);
        observer.add(SECOND, 1);
        return observer.statistics();
    }
}
