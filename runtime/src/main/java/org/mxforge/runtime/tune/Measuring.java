package org.mxforge.runtime.tune;

import java.time.Duration;

/**
 * How candidates are timed: in rounds, in which each has one window of its own. A window begins with runs that are not timed, long
 * enough for the power limit of a GPU to set in: timings without it rank kernels wrongly.
 *
 * @param warmUp how long a candidate runs before it is judged
 * @param window no new sample begins after this much timing in one window
 * @param samples most samples of one window
 * @param rounds windows of a candidate that stays in the race
 * @param dropFactor a candidate this many times slower than the best one after a round leaves the race
 */
public record Measuring(Duration warmUp, Duration window, int samples, int rounds, double dropFactor) {
    public Measuring {
        if (warmUp.isNegative() || window.isNegative() || samples < 1 || rounds < 1 || !(dropFactor >= 1)) {
            throw new IllegalArgumentException("timing needs samples, rounds and a drop factor of 1 or more");
        }
    }
}
