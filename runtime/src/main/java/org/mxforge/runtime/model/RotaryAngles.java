package org.mxforge.runtime.model;

import java.util.function.IntUnaryOperator;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.Backend.RopeTable;
import org.mxforge.runtime.model.family.ModelConfig;
import org.mxforge.runtime.model.family.ModelConfig.Rope;

/**
 * The rotation angles of a model. Frequencies are rounded as {@link Rope#precision} says, and an angle is the FP32 product of
 * position and frequency, as transformers has them; only the cosine itself is taken in double.
 *
 * <p>Where frequencies depend on the length of the text, tokens that go through together have those for the text that ends with
 * the last of them, and stay so: what the cache holds is not rotated again, which is how transformers runs them too.
 */
final class RotaryAngles {
    private static final int FIRST_POSITIONS = 2048;

    private final Rope rope;
    private final int head;
    private final int maxPositions;
    private RopeTable steps;
    private RopeTable text;
    private int textSpan;

    RotaryAngles(ModelConfig config) {
        rope = config.rope();
        head = config.head();
        maxPositions = config.maxPositions();
    }

    /**
     * A table for at least {@code positions} positions and for tokens that come one by one, each with the frequencies for the
     * text that ends with it. It grows by doubling, so that short texts need little memory, and stays for recorded steps.
     */
    RopeTable ofSteps(Backend backend, int positions) {
        if (steps == null || steps.rows() < positions) {
            steps = table(backend, grown(steps, positions), position -> rope.span(position + 1));
        }
        return steps;
    }

    /** Whether tokens that go through together have the same angles in a text of {@code length} tokens as those that come one by one. */
    boolean isCommon(int length) {
        return rope.span(length) == rope.span(1);
    }

    /** The same for tokens that go through together, or in chunks, in a text of {@code length} tokens that ends with them. */
    RopeTable ofText(Backend backend, int positions, int length) {
        if (isCommon(length)) {
            return ofSteps(backend, positions);
        }
        int span = rope.span(length);
        if (text == null || textSpan != span || text.rows() < positions) {
            int rows = grown(text, positions);
            if (text != null) {
                text.close();
            }
            text = table(backend, rows, position -> span);
            textSpan = span;
        }
        return text;
    }

    private int grown(RopeTable table, int positions) {
        if (table != null && table.rows() >= positions) {
            return table.rows();
        }
        int size = table == null ? FIRST_POSITIONS : 2 * table.rows();
        return Math.max(positions, Math.min(size, maxPositions));
    }

    private RopeTable table(Backend backend, int positions, IntUnaryOperator spans) {
        int half = head / 2;
        float[] cos = new float[Math.multiplyExact(positions, half)];
        float[] sin = new float[cos.length];
        float[] frequencies = {};
        int span = 0;
        for (int position = 0; position < positions; position++) {
            if (spans.applyAsInt(position) != span) {
                span = spans.applyAsInt(position);
                frequencies = rope.frequencies(head, span);
            }
            for (int i = 0; i < half; i++) {
                double angle = position * frequencies[i];
                cos[position * half + i] = (float) (rope.attentionFactor() * Math.cos(angle));
                sin[position * half + i] = (float) (rope.attentionFactor() * Math.sin(angle));
            }
        }
        return backend.ropeTable(cos, sin, positions, half);
    }
}
