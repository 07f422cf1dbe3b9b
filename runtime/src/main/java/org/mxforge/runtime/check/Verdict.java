package org.mxforge.runtime.check;

import java.util.Optional;

/**
 * What came of one array.
 *
 * @param fault the first wrong element in words; empty if there is none
 * @param worst the largest share of an allowed error
 * @param signal sum of the squares
 * @param noise that of the errors
 * @param errors of all elements
 */
record Verdict(Optional<String> fault, double worst, double signal, double noise, Outcome.Errors errors) {
    /** Says what came of an array after a launch. */
    @FunctionalInterface
    interface Judge {
        Verdict judge(Memory memory);
    }

    /** Of somebody who says no more than whether it is right. */
    static Verdict of(Optional<String> fault) {
        double worst = fault.isEmpty() ? 0 : Double.POSITIVE_INFINITY;
        return new Verdict(fault, worst, 0, 0, new Outcome.Errors(1, 1, new double[] {worst}));
    }
}
