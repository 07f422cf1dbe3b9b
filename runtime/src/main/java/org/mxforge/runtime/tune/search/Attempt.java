package org.mxforge.runtime.tune.search;

import java.util.Optional;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.runtime.tune.search.TuningDevice.Trial;
import org.mxforge.runtime.tune.wisdom.Timing;
import org.mxforge.runtime.tune.wisdom.WisdomRecord.Outcome;

/**
 * Takes one candidate as far as the race: prepare, check, and a look at its speed.
 *
 * @param plan how long things may take
 * @param abandonAt milliseconds from which on a candidate is too slow to be worth a window
 */
record Attempt(TuningPlan plan, double abandonAt) {
    /**
     * How it went.
     *
     * @param contender the candidate, if it is to be timed
     * @param outcome what came of it, if it is not
     */
    record Result(Optional<Contender> contender, Optional<Outcome> outcome) {
        private static Result ended(Outcome outcome) {
            return new Result(Optional.empty(), Optional.of(outcome));
        }
    }

    Result of(Trial trial, KernelVariant variant) {
        Stopwatch stopwatch = new Stopwatch();
        Trial.Candidate candidate;
        try {
            candidate = trial.prepare(variant);
        } catch (IllegalArgumentException e) {
            return Result.ended(Outcome.failed(Outcome.Status.CONSTRAINTS, e));
        } catch (Trial.Timeout e) {
            return Result.ended(Outcome.failed(Outcome.Status.TIMEOUT, e));
        } catch (RuntimeException | LinkageError e) {
            return Result.ended(Outcome.failed(Outcome.Status.COMPILE, e));
        } catch (OutOfMemoryError e) {
            return Result.ended(failure(e));
        }
        Optional<Outcome> ended = look(candidate, stopwatch);
        if (ended.isPresent()) {
            candidate.close();
            return Result.ended(ended.get());
        }
        return new Result(Optional.of(new Contender(variant, candidate)), Optional.empty());
    }

    private Optional<Outcome> look(Trial.Candidate candidate, Stopwatch stopwatch) {
        try {
            Optional<String> fault = candidate.fault();
            if (fault.isPresent()) {
                return Optional.of(Outcome.failed(Outcome.Status.CORRECTNESS, fault.get()));
            }
            double limit = plan.candidateLimit().toNanos() / 1e6;
            double run =
                    stopwatch.isOver(plan.candidateLimit()) ? Double.POSITIVE_INFINITY : fastestRun(candidate, limit);
            if (run > limit) {
                return Optional.of(Outcome.failed(
                        Outcome.Status.TIMEOUT,
                        "took longer than " + plan.candidateLimit().toMillis() + " ms"));
            }
            return run > abandonAt ? Optional.of(Outcome.correct(Timing.of(run))) : Optional.empty();
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            return Optional.of(failure(e));
        }
    }

    /** A first run is often slower than the second, for reasons that pass; one beyond {@code limit} is enough. */
    private double fastestRun(Trial.Candidate candidate, double limit) {
        double fastest = Double.POSITIVE_INFINITY;
        Stopwatch warming = new Stopwatch();
        do {
            double run = candidate.run();
            if (run > limit) {
                return run;
            }
            fastest = Math.min(fastest, run);
        } while (fastest > abandonAt && !warming.isOver(plan.measuring().warmUp()));
        return fastest;
    }

    /** What a candidate's failure while it runs is called. */
    static Outcome failure(Throwable cause) {
        return Outcome.failed(cause instanceof Trial.Timeout ? Outcome.Status.TIMEOUT : Outcome.Status.RUNTIME, cause);
    }
}
