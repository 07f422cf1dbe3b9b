package org.mxforge.runtime.model.family;

import java.util.List;
import java.util.function.IntToDoubleFunction;

/** How rotary frequencies are stretched for contexts longer than those of the first training; formulas as in transformers. */
sealed interface RopeScaling {
    /** The rotation of each pair of channels in radians a position, [head / 2], in a text of {@code length} tokens. */
    double[] frequencies(double theta, int head, int length);

    /** The same number for all lengths of a text that have the same frequencies: one of these lengths. */
    default int span(int length) {
        return 1;
    }

    /** What cosines and sines are multiplied by. */
    default double attentionFactor() {
        return 1;
    }

    /** The longest context, where {@code max_position_embeddings} is {@code positions}. */
    default int context(int positions) {
        return positions;
    }

    /** A frequency of no scaling, of pair {@code i}, in FP32 as transformers has it. */
    private static float plain(double theta, int head, int i) {
        return (float) Math.pow(theta, -2.0 * i / head);
    }

    private static double[] ofPairs(int head, IntToDoubleFunction frequency) {
        double[] frequencies = new double[head / 2];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = frequency.applyAsDouble(i);
        }
        return frequencies;
    }

    private static int stretched(int positions, double factor) {
        return (int) Math.min(ConfigReader.MAX_POSITIONS, positions * factor);
    }

    /** Not at all. */
    record None() implements RopeScaling {
        @Override
        public double[] frequencies(double theta, int head, int length) {
            return ofPairs(head, i -> plain(theta, head, i));
        }
    }

    /** All frequencies divided by {@code factor}. */
    record Linear(double factor) implements RopeScaling {
        @Override
        public double[] frequencies(double theta, int head, int length) {
            return ofPairs(head, i -> plain(theta, head, i) / factor);
        }

        @Override
        public int context(int positions) {
            return stretched(positions, factor);
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
        public double[] frequencies(double theta, int head, int length) {
            return ofPairs(head, i -> scaled(plain(theta, head, i)));
        }

        private double scaled(double frequency) {
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

    /**
     * Dynamic NTK: theta grows with texts longer than {@code positions}, so that the slowest pair turns
     * {@code factor * length / positions - (factor - 1)} times as slowly, and the faster ones less so.
     */
    record Dynamic(double factor, int positions) implements RopeScaling {
        @Override
        public int span(int length) {
            return Math.max(length, positions);
        }

        @Override
        public double[] frequencies(double theta, int head, int length) {
            double stretch = factor * span(length) / positions - (factor - 1);
            double base = theta * Math.pow(stretch, head / (head - 2.0));
            return ofPairs(head, i -> plain(base, head, i));
        }

        @Override
        public int context(int positions) {
            return stretched(positions, factor);
        }
    }

    /**
     * YaRN: pairs that turn more than {@code fast} times within the original context are kept, those that turn less than
     * {@code slow} times divided by {@code factor}, and those between blended by their number.
     *
     * @param truncate whether the pairs where blending begins and ends are whole numbers
     */
    record Yarn(
            double factor, double attentionFactor, int originalPositions, double fast, double slow, boolean truncate)
            implements RopeScaling {
        @Override
        public double[] frequencies(double theta, int head, int length) {
            double first = pair(fast, theta, head);
            double last = pair(slow, theta, head);
            double low = Math.max(truncate ? Math.floor(first) : first, 0);
            double high = Math.min(truncate ? Math.ceil(last) : last, head - 1);
            double width = low == high ? 0.001 : high - low;
            return ofPairs(head, i -> {
                double divided = Math.min(Math.max((i - low) / width, 0), 1);
                double frequency = Math.pow(theta, -2.0 * i / head);
                return frequency * (divided / factor + (1 - divided));
            });
        }

        /** The pair, with a fraction, that turns {@code turns} times within the original context. */
        private double pair(double turns, double theta, int head) {
            return head * Math.log(originalPositions / (turns * 2 * Math.PI)) / (2 * Math.log(theta));
        }

        @Override
        public int context(int positions) {
            return Math.max(positions, stretched(originalPositions, factor));
        }
    }

    /**
     * LongRoPE: every frequency divided by a factor of its own, of {@code shorter} in texts within the original context and of
     * {@code longer} beyond.
     */
    record LongRope(List<Double> shorter, List<Double> longer, int originalPositions, double attentionFactor)
            implements RopeScaling {
        public LongRope {
            shorter = List.copyOf(shorter);
            longer = List.copyOf(longer);
        }

        @Override
        public int span(int length) {
            return length > originalPositions ? originalPositions + 1 : 1;
        }

        @Override
        public double[] frequencies(double theta, int head, int length) {
            List<Double> factors = length > originalPositions ? longer : shorter;
            return ofPairs(head, i -> Math.pow(theta, -2.0 * i / head) / factors.get(i));
        }
    }
}
