/**
 * What each CUDA kernel is launched with: one argument record for each kernel stem, in device addresses and sizes.
 *
 * <p>Records instead of long parameter lists, because two addresses swapped in a call compile and run; launchers instead of
 * launch code by hand, because grid, block and argument order follow from the variant that the kernel was emitted from. The
 * launchers themselves are emitted beside the kernels. All addresses must be multiples of 16 bytes.
 */
package org.mxforge.runtime.cuda.launch;
