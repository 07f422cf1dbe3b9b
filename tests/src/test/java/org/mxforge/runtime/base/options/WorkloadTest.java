package org.mxforge.runtime.base.options;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.mxforge.runtime.base.MxForgeException;

class WorkloadTest {
    private static void refused(String sentence, ThrowingCallable load) {
        assertThatThrownBy(load).isInstanceOf(MxForgeException.class).hasMessageContaining(sentence);
    }

    @Test
    void everyNumberIsBounded() {
        refused("the number of sequences in a batch is 0: give 1 or more", () -> new Workload(0, 1, 1, 0, 1));
        refused("the number of prefill tokens is -3", () -> new Workload(1, -3, 1, 0, 1));
        refused("the number of decode steps is 0", () -> new Workload(1, 1, 0, 0, 1));
        refused("the number of warm-up runs is -1: give 0 or more", () -> new Workload(1, 1, 1, -1, 1));
        refused("the number of repeats is 0", () -> new Workload(1, 1, 1, 0, 0));
        refused("are more than the 4194304 tokens", () -> new Workload(1 << 16, 1 << 16, 1, 0, 1));
    }

    @Test
    void theContextIsBounded() {
        assertThatCode(() -> new Workload(9, 90, 10, 0, 1).checkFits(100)).doesNotThrowAnyException();
        refused("need a context of 101, but the model takes 100", () -> new Workload(1, 90, 11, 0, 1).checkFits(100));
        refused("need a context of 2147483649, but", () -> new Workload(1, 2, Integer.MAX_VALUE, 0, 1)
                .checkFits(Integer.MAX_VALUE));
    }
}
