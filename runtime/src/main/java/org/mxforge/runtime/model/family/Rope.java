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

    /** The rotation of each pair of channels of a head in radians a position, {@code [head / 2]}. */
    public float[] frequencies(int head) {
        float[] frequencies = new float[head / 2];
        for (int i = 0; i < frequencies.length; i++) {
            float plain = (float) Math.pow(theta, -2.0 * i / head);
            float scaled = (float) scaling.scaled(plain);
            frequencies[i] = precision == ScalarType.BF16 ? Bfloat16.toFloat(Bfloat16.fromFloat(scaled)) : scaled;
        }
        return frequencies;
    }

    /** The same with frequencies rounded to {@code precision}. */
    public Rope with(ScalarType precision) {
        return new Rope(theta, scaling, precision);
    }
}
