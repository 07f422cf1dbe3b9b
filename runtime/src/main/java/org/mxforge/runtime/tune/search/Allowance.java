package org.mxforge.runtime.tune.search;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.runtime.base.options.TuneMode;

/**
 * The time that all searches of a chooser may take. Prompts come first and run seldom, steps come after them and run for every token: of
 * short searches no more than half of the time is for more tokens than steps have, so that steps get theirs.
 */
final class Allowance {
    /** Tokens that steps have at most; more are taken for a prompt's. */
    private static final int OF_A_STEP = 64;

    private final Duration whole;
    private final Duration forPrompts;
    private final LongSupplier nanos;
    private Duration spent = Duration.ZERO;
    private Duration spentOnPrompts = Duration.ZERO;

    /** @param nanos a clock, as {@link System#nanoTime} */
    Allowance(Duration whole, Duration forPrompts, LongSupplier nanos) {
        this.whole = whole;
        this.forPrompts = forPrompts;
        this.nanos = nanos;
    }

    /** What searches in {@code mode} may take of {@code whole}: whole ones are as many as there are, in the order that they are asked for. */
    static Allowance of(TuneMode mode, Duration whole) {
        return new Allowance(whole, mode == TuneMode.FULL ? whole : whole.dividedBy(2), System::nanoTime);
    }

    /** What is left for a search for {@code shape}; none may begin if that is nothing. */
    Duration left(KernelShape shape) {
        Duration left = whole.minus(spent);
        Duration leftForPrompts = forPrompts.minus(spentOnPrompts);
        return isPrompt(shape) && leftForPrompts.compareTo(left) < 0 ? leftForPrompts : left;
    }

    /** What {@code search} for {@code shape} gives; its time is spent, however it ends. */
    <T> T spend(KernelShape shape, Supplier<T> search) {
        long begin = nanos.getAsLong();
        try {
            return search.get();
        } finally {
            Duration taken = Duration.ofNanos(nanos.getAsLong() - begin);
            spent = spent.plus(taken);
            spentOnPrompts = isPrompt(shape) ? spentOnPrompts.plus(taken) : spentOnPrompts;
        }
    }

    private static boolean isPrompt(KernelShape shape) {
        return shape.m() > OF_A_STEP;
    }
}
