package org.mxforge.runtime.tune.cost;

import org.mxforge.dsl.shape.GemmWork;

/**
 * Dense multiply-adds that the tensor cores of one multiprocessor do in a clock, accumulating in FP32 or, of integers, in INT32.
 *
 * @param portable BF16 through {@code mma.sync}, as it is reached on this GPU
 * @param bf16 BF16 at most, through whatever instruction
 * @param fp8 elements of 8 bits at most; those of BF16 where there are none
 * @param fp4 elements of 4 bits at most; those of 8 bits where there are none
 * @param int8 INT8 at most, through whatever instruction
 */
record TensorRates(int portable, int bf16, int fp8, int fp4, int int8) {
    public TensorRates {
        if (portable <= 0 || bf16 < portable || fp8 < bf16 || fp4 < fp8 || int8 < bf16) {
            throw new IllegalArgumentException("narrower elements are multiplied at least as fast as wider ones");
        }
    }

    /** INT8 through {@code mma.sync}: as much of the most as BF16 reaches, since nobody measured it. */
    double portableIntegers() {
        return (double) int8 * portable / bf16;
    }

    /** The most for the products of {@code part}. */
    int most(GemmWork.Part part) {
        return part.isIntegers() ? int8 : most(part.bits());
    }

    /** The most for a product whose wider operand has elements of {@code bits}. */
    int most(int bits) {
        return bits <= 4 ? fp4 : bits <= 8 ? fp8 : bf16;
    }
}
