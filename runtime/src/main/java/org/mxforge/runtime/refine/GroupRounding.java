package org.mxforge.runtime.refine;

import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScaleCodec;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.GroupLayout;

/** Rounds groups of 32 values that share a scale, in host memory. */
final class GroupRounding {
    private static final int GROUP = GroupLayout.GROUP;

    /** Exponents that are tried for weights, relative to that of {@link ScaleRule#CEIL}. */
    private static final int HIGHEST = 1;

    private static final int LOWEST = -2;

    /** The largest scale byte whose value is a number with every code. */
    private static final int MAX_SCALE = 253;

    private GroupRounding() {}

    private static float largest(float[] values, int at) {
        float largest = 0;
        for (int i = at; i < at + GROUP; i++) {
            largest = Math.max(largest, Math.abs(values[i]));
        }
        return largest;
    }

    /** The scale byte that {@code rule} gives the group of {@code values} at {@code at}. */
    static int scale(float[] values, int at, ElementFormat format, ScaleRule rule) {
        return rule.scale(largest(values, at), format);
    }

    /** The scale byte, near that of CEIL, with which rounding the group to {@code format} changes it least. */
    static int bestScale(float[] values, int at, ElementFormat format) {
        int usual = ScaleRule.CEIL.scale(largest(values, at), format);
        int best = usual;
        double least = Double.POSITIVE_INFINITY;
        for (int scale = Math.min(MAX_SCALE, usual + HIGHEST); scale >= Math.max(0, usual + LOWEST); scale--) {
            double error = squaredError(values, at, format, scale);
            if (error < least) {
                least = error;
                best = scale;
            }
        }
        return best;
    }

    private static double squaredError(float[] values, int at, ElementFormat format, int scale) {
        double sum = 0;
        for (int i = at; i < at + GROUP; i++) {
            double error = round(values[i], format, scale) - values[i];
            sum += error * error;
        }
        return sum;
    }

    /** {@code value} as {@code format} keeps it under {@code scale}. */
    static float round(float value, ElementFormat format, int scale) {
        return format.decode(format.encode(value * ScaleCodec.reciprocal(scale))) * ScaleCodec.decode(scale);
    }

    /** Rounds the group at {@code at} in place. */
    static void round(float[] values, int at, ElementFormat format, int scale) {
        for (int i = at; i < at + GROUP; i++) {
            values[i] = round(values[i], format, scale);
        }
    }
}
