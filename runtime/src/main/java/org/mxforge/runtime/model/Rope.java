package org.mxforge.runtime.model;

import org.mxforge.dsl.format.ScalarType;

/**
 * The rotary position embedding of a model.
 *
 * @param theta base of the frequencies
 * @param scaling how they are stretched
 * @param precision what frequencies are rounded to: FP32 as transformers loads models, or BF16 as a model has them that was
 *     cast as a whole, by {@code model.to(torch.bfloat16)}; the key {@code frequency_dtype} of {@code rope_parameters} asks for
 *     the latter, to compare with logits of such a model
 */
public record Rope(double theta, RopeScaling scaling, ScalarType precision) {
    public Rope {
        if (precision == ScalarType.FP16) {
            throw new IllegalArgumentException("rotary frequencies are rounded to fp32 or bf16, not fp16");
        }
    }
}
