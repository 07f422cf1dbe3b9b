package org.mxforge.runtime.exec.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CpuExecutorTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void runsEachTaskOnce(int threads) {
        try (CpuExecutor executor = new CpuExecutor(threads)) {
            for (int tasks : new int[] {0, 1, 2, 1000}) {
                AtomicIntegerArray runs = new AtomicIntegerArray(1000);
                executor.run(tasks, runs::incrementAndGet);
                for (int i = 0; i < 1000; i++) {
                    assertThat(runs.get(i)).isEqualTo(i < tasks ? 1 : 0);
                }
            }
        }
    }

    @Test
    void rangesCoverEachItemOnce() {
        try (CpuExecutor executor = new CpuExecutor(3)) {
            for (int count : new int[] {0, 1, 7, 8, 500}) {
                AtomicIntegerArray seen = new AtomicIntegerArray(500);
                executor.ranges(count, 8, (begin, end) -> {
                    for (int i = begin; i < end; i++) {
                        seen.incrementAndGet(i);
                    }
                });
                for (int i = 0; i < 500; i++) {
                    assertThat(seen.get(i)).isEqualTo(i < count ? 1 : 0);
                }
            }
        }
    }

    @Test
    void throwsWhatATaskThrewAndGoesOn() {
        try (CpuExecutor executor = new CpuExecutor(2)) {
            assertThatThrownBy(() -> executor.run(50, i -> {
                        if (i == 30) {
                            throw new IllegalStateException("task 30");
                        }
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("task 30");
            AtomicIntegerArray runs = new AtomicIntegerArray(4);
            executor.run(4, runs::incrementAndGet);
            assertThat(runs.toString()).isEqualTo("[1, 1, 1, 1]");
        }
    }

    @Test
    void needsAThread() {
        assertThatThrownBy(() -> new CpuExecutor(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
