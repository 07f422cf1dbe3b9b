package org.mxforge.dsl.spec;

/**
 * A kernel that changes how one partition of an operand lies, before the product that reads it.
 *
 * @param side operand
 * @param partition number of the partition
 * @param spec the kernel
 */
public record Pass(Side side, int partition, OperandPass spec) {}
