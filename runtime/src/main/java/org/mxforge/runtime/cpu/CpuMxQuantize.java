package org.mxforge.runtime.cpu;

import org.mxforge.runtime.quant.PackedMatrix;

/** A kernel for one {@link org.mxforge.dsl.spec.MxQuantizeSpec} on FP32 rows. Safe for concurrent use on different rows. */
public interface CpuMxQuantize {
    /** Quantizes rows {@code begin .. end-1}. */
    void quantize(Operands operands, int begin, int end);

    /**
     * What a quantizer reads and writes.
     *
     * @param x {@code [rows][order.length]}; for the SiLU prologue {@code [rows][2 * order.length]}, gates and their factors side by side
     * @param weight the norm's weight, for prologues that norm; else null
     * @param centre what is taken off after the norm, for the prologue that does so; else null
     * @param epsilon the norm's epsilon
     * @param order new channel i is old channel {@code order[i]}
     * @param out the packed result, one partition for each format of the spec
     */
    record Operands(float[] x, float[] weight, float[] centre, float epsilon, int[] order, PackedMatrix out) {
        /** For a prologue that takes nothing off. */
        public Operands(float[] x, float[] weight, float epsilon, int[] order, PackedMatrix out) {
            this(x, weight, null, epsilon, order, out);
        }
    }
}
