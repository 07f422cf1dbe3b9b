package org.mxforge.runtime.model.family;

/** How rotary frequencies are stretched for contexts longer than those of the first training. */
sealed interface RopeScaling {
    /** What becomes of a frequency. */
    double scaled(double frequency);

    /** Not at all. */
    record None() implements RopeScaling {
        @Override
        public double scaled(double frequency) {
            return frequency;
        }
    }

    /** All frequencies divided by {@code factor}. */
    record Linear(double factor) implements RopeScaling {
        @Override
        public double scaled(double frequency) {
            return frequency / factor;
        }
    }

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

        @Override
        public double scaled(double frequency) {
            double wavelength = 2 * Math.PI / frequency;
            double turns = originalPositions / wavelength;
            if (turns > highFrequency) {
                return frequency;
            }
            if (turns < lowFrequency) {
                return frequency / factor;
            }
            double kept = (turns - lowFrequency) / (highFrequency - lowFrequency);
            return (1 - kept) * frequency / factor + kept * frequency;
        }
    }
}
