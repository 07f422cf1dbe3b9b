package org.mxforge.runtime.check;

import java.util.List;
import java.util.Optional;
import org.mxforge.runtime.simulate.Finding;

/**
 * What came of a case.
 *
 * @param of the case
 * @param layer how the result was compared
 * @param fault the first wrong element, where it is, and what it must be, in words; empty if all are right
 * @param worst the largest error of an element as a share of what is allowed: above 1 it is wrong
 * @param decibels signal over noise of the result, 10 log10 of the squares; infinite where all bits are right, NaN where nothing is finite
 * @param findings what the simulator found besides
 * @param errors the errors of the elements, for pictures
 */
public record Outcome(
        CheckCase of,
        Layer layer,
        Optional<String> fault,
        double worst,
        double decibels,
        List<Finding> findings,
        Errors errors) {
    /**
     * Each element's error as a share of what is allowed.
     *
     * @param rows of the result
     * @param columns of it
     * @param shares {@code [rows][columns]}
     */
    public record Errors(int rows, int columns, double[] shares) {}

    public Outcome {
        findings = List.copyOf(findings);
    }

    /** Whether the result is right and nothing was found. */
    public boolean isRight() {
        return fault.isEmpty() && findings.isEmpty();
    }

    /** What is wrong and the line that shows it again; or that nothing is. */
    public String sentence() {
        String what = fault.orElseGet(
                () -> findings.isEmpty() ? "right" : findings.get(0).toString());
        return what + ": mxforge kernels check '" + of.text() + "'";
    }
}
