package org.mxforge.runtime.tune;

import java.util.Arrays;
import java.util.Optional;
import org.mxforge.dsl.space.Configuration;

/**
 * Takes one candidate through its trial: prepare, check, time.
 *
 * @param plan how long things may take
 * @param abandonAt milliseconds from which on a candidate is too slow to be worth more samples
 */
record Attempt(TuningPlan plan, double abandonAt) {
    TrialOutcome of(Trial trial, Configuration configuration) {
        Stopwatch stopwatch = new Stopwatch();
        Trial.Candidate candidate;
        try {
            candidate = trial.prepare(configuration);
        } catch (IllegalArgumentException e) {
            return TrialOutcome.failed(TrialStatus.CONSTRAINTS, e);
        } catch (RuntimeException | LinkageError e) {
            return TrialOutcome.failed(TrialStatus.COMPILE, e);
        }
        try (candidate) {
            Optional<String> fault = candidate.fault();
            if (fault.isPresent()) {
                return TrialOutcome.failed(TrialStatus.CORRECTNESS, fault.get());
            }
            return stopwatch.isOver(plan.candidateLimit()) ? tooSlow() : time(candidate);
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            return TrialOutcome.failed(TrialStatus.RUNTIME, e);
        }
    }

    private TrialOutcome time(Trial.Candidate candidate) {
        double limit = plan.candidateLimit().toNanos() / 1e6;
        double look = Double.POSITIVE_INFINITY;
        Stopwatch warming = new Stopwatch();
        do {
            double run = candidate.run();
            if (run > limit) {
                return tooSlow();
            }
            look = Math.min(look, run);
        } while (!warming.isOver(plan.warmUp()));
        if (look > abandonAt) {
            return TrialOutcome.correct(Timing.of(look));
        }
        double[] samples = new double[plan.samples()];
        Stopwatch sampling = new Stopwatch();
        int taken = 0;
        do {
            samples[taken++] = candidate.run();
        } while (taken < samples.length && !sampling.isOver(plan.samplingTime()));
        return TrialOutcome.correct(Timing.of(Arrays.copyOf(samples, taken)));
    }

    private TrialOutcome tooSlow() {
        return TrialOutcome.failed(
                TrialStatus.TIMEOUT, "took longer than " + plan.candidateLimit().toMillis() + " ms");
    }
}
