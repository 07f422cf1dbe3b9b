package org.mxforge.runtime.tune.cost;

/**
 * Dense multiply-adds that the tensor cores of one multiprocessor do in a clock, accumulating in FP32.
 *
 * @param portable BF16 through {@code mma.sync}, as it is reached on this GPU
 * @param bf16 BF16 at most, through whatever instruction
 * @param fp8 elements of 8 bits at most; those of BF16 where there are none
 * @param fp4 elements of 4 bits at most; those of 8 bits where there are none
 */
record TensorRates(int portable, int bf16, int fp8, int fp4) {
    public TensorRates {
        if (portable <= 0 || bf16 < portable || fp8 < bf16 || fp4 < fp8) {
            throw new IllegalArgumentException("narrower elements are multiplied at least as fast as wider ones");
        }
    }

    /** The most for a product whose wider operand has elements of {@code bits}. */
    int most(int bits) {
        return bits <= 4 ? fp4 : bits <= 8 ? fp8 : bf16;
    }
}
