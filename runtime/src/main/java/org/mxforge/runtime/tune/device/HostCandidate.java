package org.mxforge.runtime.tune.device;

import java.util.Optional;
import java.util.function.Supplier;
import org.mxforge.runtime.tune.search.TuningDevice.Trial;

/**
 * A candidate that the host's clock can time, since a run is over when it returns.
 *
 * @param checkResult result on the exact operands
 * @param check what the result must be
 * @param work one run at full size
 */
record HostCandidate(Supplier<float[]> checkResult, ResultCheck check, Runnable work) implements Trial.Candidate {
    private static final double NANOS = 1e6;

    @Override
    public Optional<String> fault() {
        return check.fault(checkResult.get());
    }

    @Override
    public double run() {
        long start = System.nanoTime();
        work.run();
        // A clock of coarse grain must not report that something took no time.
        return Math.max(1, System.nanoTime() - start) / NANOS;
    }

    @Override
    public void close() {}
}
