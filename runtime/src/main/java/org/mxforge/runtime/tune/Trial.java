package org.mxforge.runtime.tune;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.mxforge.dsl.space.Configuration;

/**
 * A kernel of one shape set up on a device, with the operands that candidates are checked and timed on: exact ones on a slice of M
 * and N with all of K, so that every partial sum is exact and a right result equals the oracle's bit for bit, and random ones of
 * full size.
 */
public interface Trial extends AutoCloseable {
    /**
     * Generates and compiles a candidate.
     *
     * @throws IllegalArgumentException if the configuration refuses this shape or device
     * @throws RuntimeException if it cannot be generated or compiled
     */
    Candidate prepare(Configuration configuration);

    @Override
    void close();

    /** A compiled configuration. */
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
}
