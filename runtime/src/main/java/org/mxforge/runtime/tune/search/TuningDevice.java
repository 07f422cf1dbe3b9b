package org.mxforge.runtime.tune.search;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.tune.wisdom.WisdomRecord;
import org.mxforge.runtime.tune.wisdom.WisdomRecord.Toolchain;

/** A device that kernels are tuned on. */
public interface TuningDevice extends AutoCloseable {
    /** Its name, which wisdom is kept under: equal names promise equal speed. */
    String name();

    /** What kernels are compiled for here. */
    Target target();

    /** What compiles and runs them. */
    Toolchain toolchain();

    /** Whether kernels of this problem can be tried on this shape here. */
    boolean tries(KernelProblem problem, KernelShape shape);

    /** SHA-256, in hex, over the source emitted for {@code variant}: a measurement holds as long as it stays. */
    default String fingerprint(KernelVariant variant) {
        return WisdomRecord.Provenance.source(variant);
    }

    /** {@link #fingerprint}, or an empty text for a variant that cannot be emitted. */
    default String source(KernelVariant variant) {
        try {
            return fingerprint(variant);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    /**
     * Sets up the operands of one shape.
     *
     * @param candidates what will be tried, if time allows: a device may compile them ahead
     */
    Trial trial(KernelProblem problem, KernelShape shape, List<KernelVariant> candidates);

    /** Whether it can still be used, after all work it was given; a GPU cannot once a kernel touched foreign memory. */
    default boolean works() {
        return true;
    }

    @Override
    default void close() {}

    /**
     * A kernel of one shape set up on a device, with the operands that candidates are checked and timed on: exact ones on a slice of M
     * and N with all of K, so that every partial sum is exact and a right result equals the oracle's bit for bit, and random ones of
     * full size.
     */
    interface Trial extends AutoCloseable {
        /**
         * Generates and compiles a candidate.
         *
         * @throws IllegalArgumentException if the variant refuses this shape or device
         * @throws RuntimeException if it cannot be generated or compiled
         */
        Candidate prepare(KernelVariant variant);

        @Override
        void close();

        /** A compiled variant. */
        interface Candidate extends AutoCloseable {
            /** What is wrong with its result on the exact operands, in words; empty if it is the oracle's bit for bit. */
            Optional<String> fault();

            /** Runs it once at full size and gives back the milliseconds that the device took. */
            double run();

            /** Runs it for {@code measuring.warmUp()}, once at least, and then times it for a window. */
            default Window window(Measuring measuring) {
                Stopwatch warming = new Stopwatch();
                do {
                    run();
                } while (!warming.isOver(measuring.warmUp()));
                List<Double> millis = new ArrayList<>();
                Stopwatch timing = new Stopwatch();
                do {
                    millis.add(run());
                } while (millis.size() < measuring.samples() && !timing.isOver(measuring.window()));
                return new Window(millis, OptionalInt.empty());
            }

            @Override
            void close();
        }

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

        /**
         * What one window of timing gave.
         *
         * @param millis milliseconds of one run, sample by sample; at least one
         * @param clock clock of the device in MHz right after it, where the device tells
         */
        public record Window(List<Double> millis, OptionalInt clock) {
            public Window {
                millis = List.copyOf(millis);
                if (millis.isEmpty()) {
                    throw new IllegalArgumentException("a window needs a sample");
                }
            }
        }

        /** A candidate did not end in time and was stopped. */
        public static final class Timeout extends RuntimeException {
            private static final long serialVersionUID = 1;

            public Timeout(String message) {
                super(message);
            }
        }
    }
}
