package org.mxforge.runtime.tune.device;

/** Everything in GPU memory that one run of a kernel reads and writes. */
sealed interface OperandSet permits GemmSet, QuantizeSet {
    /** The argument record of the kernel's stem. */
    Object arguments();
}
