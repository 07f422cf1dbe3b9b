package org.mxforge.runtime.model;

import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.Backend.RopeTable;
import org.mxforge.runtime.model.family.ModelConfig;
import org.mxforge.runtime.model.family.Rope;

/**
 * The rotation angles of a model. Frequencies are rounded as {@link Rope#precision} says, and an angle is the FP32 product of
 * position and frequency, as transformers has them; only the cosine itself is taken in double.
 */
final class RotaryAngles {
    private static final int FIRST_POSITIONS = 2048;

    private final float[] frequencies;
    private final int maxPositions;
    private RopeTable table;

    RotaryAngles(ModelConfig config) {
        maxPositions = config.maxPositions();
        frequencies = config.rope().frequencies(config.head());
    }

    /** A table for at least {@code positions} positions; it grows by doubling, so that short texts need little memory. */
    RopeTable table(Backend backend, int positions) {
        if (table == null || table.rows() < positions) {
            int size = table == null ? FIRST_POSITIONS : 2 * table.rows();
            int rows = Math.max(positions, Math.min(size, maxPositions));
            table = backend.ropeTable(angles(rows, false), angles(rows, true), rows, frequencies.length);
        }
        return table;
    }

    private float[] angles(int positions, boolean sine) {
        float[] values = new float[Math.multiplyExact(positions, frequencies.length)];
        for (int i = 0; i < values.length; i++) {
            double angle = i / frequencies.length * frequencies[i % frequencies.length];
            values[i] = (float) (sine ? Math.sin(angle) : Math.cos(angle));
        }
        return values;
    }
}
