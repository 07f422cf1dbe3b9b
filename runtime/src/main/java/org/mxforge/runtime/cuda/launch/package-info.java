/**
 * Compiled kernels with their launchers. Launchers instead of launch code by hand, because grid, block and argument order follow
 * from the variant that the kernel was emitted from. They are emitted beside the kernels and take the argument records of
 * {@link org.mxforge.dsl.launch}.
 */
package org.mxforge.runtime.cuda.launch;
