package org.mxforge.dsl.launch;

/** What a quantizer's prologue reads beside the input; one form for each {@link org.mxforge.dsl.spec.Prologue}. */
public sealed interface PrologueOperands {
    /** Nothing. */
    record None() implements PrologueOperands {}

    /**
     * RMSNorm.
     *
     * @param weight address of the norm's weight, BF16 [columns]
     * @param epsilon added to the mean square
     */
    record RmsNorm(long weight, float epsilon) implements PrologueOperands {}

    /**
     * RMSNorm, and a vector taken off.
     *
     * @param weight address of the norm's weight, BF16 [columns]
     * @param centre address of what is taken off, BF16 [columns]
     * @param epsilon added to the mean square
     */
    record RmsNormCentred(long weight, long centre, float epsilon) implements PrologueOperands {}

    /** SiLU*mul, whose two operands are the input's. */
    record SiluMul() implements PrologueOperands {}
}
