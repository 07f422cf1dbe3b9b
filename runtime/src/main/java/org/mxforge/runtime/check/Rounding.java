package org.mxforge.runtime.check;

import org.mxforge.dsl.format.ScalarType;

/** What single roundings may come to. */
final class Rounding {
    /** Subnormal numbers of FP32, which approximate functions may take for zero. */
    static final double FLUSHED = 0x1p-126;

    /** What becomes zero of silu(x): from x of -87 on, where divisors are beyond 2^126. */
    static final double SILU_FLUSHED = 0x1p-119;

    private Rounding() {}

    /** One to {@code type}, of a number that may be off a little itself: somewhat more than half a unit in the last place. */
    static double of(ScalarType type, double value) {
        return switch (type) {
            case BF16 -> 0x1.01p-8 * Math.abs(value) + 0x1p-134;
            case FP16 -> 0x1.01p-11 * Math.abs(value) + 0x1p-25;
            case FP32 -> 0x1.01p-24 * Math.abs(value) + 0x1p-150;
        };
    }

    /** {@link #of} of each, and {@code relative} of it besides. */
    static double[] of(ScalarType type, double[] values, double relative) {
        double[] allowed = new double[values.length];
        for (int i = 0; i < allowed.length; i++) {
            allowed[i] = of(type, values[i]) + relative * Math.abs(values[i]) + FLUSHED;
        }
        return allowed;
    }
}
