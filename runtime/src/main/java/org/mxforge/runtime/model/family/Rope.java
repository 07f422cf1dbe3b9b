package org.mxforge.runtime.model.family;

import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.format.ScalarType;

/**
 * The rotary position embedding of a model.
 *
 * @param theta base of the frequencies
 * @param scaling how they are stretched
 * @param precision what frequencies are rounded to: FP32 as in a model that transformers loads, or BF16 as in one that was
 *     cast as a whole, by {@code model.to(torch.bfloat16)}
 */
public record Rope(double theta, RopeScaling scaling, ScalarType precision) {
    public Rope {
        if (precision == ScalarType.FP16) {
            throw new IllegalArgumentException("rotary frequencies are rounded to fp32 or bf16, not fp16");
        }
    }

    /** The rotation of each pair of channels of a head in radians a position, {@code [head / 2]}, in a text of {@code length}. */
    public float[] frequencies(int head, int length) {
        double[] exact = scaling.frequencies(theta, head, length);
        float[] frequencies = new float[exact.length];
        for (int i = 0; i < frequencies.length; i++) {
            float rounded = (float) exact[i];
            frequencies[i] = precision == ScalarType.BF16 ? Bfloat16.toFloat(Bfloat16.fromFloat(rounded)) : rounded;
        }
        return frequencies;
    }

    /** A length of text with the frequencies of one of {@code length} tokens, the same for all that share them. */
    public int span(int length) {
        return scaling.span(length);
    }

    /** What cosines and sines are multiplied by, so that attention stays as sharp in long contexts. */
    public double attentionFactor() {
        return scaling.attentionFactor();
    }

    /** The same with frequencies rounded to {@code precision}. */
    public Rope with(ScalarType precision) {
        return new Rope(theta, scaling, precision);
    }
}
