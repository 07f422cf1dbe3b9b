package org.mxforge.runtime.model.family;

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

    /** The same with frequencies rounded to {@code precision}. */
    public Rope with(ScalarType precision) {
        return new Rope(theta, scaling, precision);
    }
}
