package org.mxforge.dsl.spec;

import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.layout.OperandLayout;

/** A kernel that lays one partition of an MX operand out anew; what it computes stays the same matrix. */
public interface OperandPass extends KernelSpec {
    /** Format of the partition's elements. */
    ElementFormat format();

    /** How the operand lies before. */
    OperandLayout from();

    /** How it lies behind. */
    OperandLayout to();

    /**
     * What the kernel is launched with.
     *
     * @param elements address of the elements before
     * @param scales address of the scales before
     * @param factors address of the factors of the rows behind
     * @param result address of the elements behind
     */
    Record arguments(int rows, int channels, long elements, long scales, long factors, long result);
}
