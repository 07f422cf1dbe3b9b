package org.mxforge.runtime.model.family;

/** How rotary frequencies are stretched for contexts longer than those of the first training. */
public sealed interface RopeScaling {
    /** Not at all. */
    record None() implements RopeScaling {}

    /** All frequencies divided by {@code factor}. */
    record Linear(double factor) implements RopeScaling {}

    /**
     * Llama 3: frequencies with a wavelength beyond {@code originalPositions / lowFrequency} are divided by {@code factor},
     * those below {@code originalPositions / highFrequency} kept, those between blended.
     */
    record Llama3(double factor, double lowFrequency, double highFrequency, int originalPositions)
            implements RopeScaling {
        public Llama3 {
            if (!(highFrequency > lowFrequency)) {
                throw new IllegalArgumentException("high frequency factor " + highFrequency
                        + " must be above the low frequency factor " + lowFrequency);
            }
        }
    }
}
