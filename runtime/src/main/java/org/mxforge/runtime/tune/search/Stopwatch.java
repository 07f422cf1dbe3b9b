package org.mxforge.runtime.tune.search;

import java.time.Duration;

/** Time since it was made. */
final class Stopwatch {
    private final long start = System.nanoTime();

    boolean isOver(Duration limit) {
        return System.nanoTime() - start > limit.toNanos();
    }
}
