/**
 * What each CUDA kernel is launched with: one argument record for each kernel stem, in device addresses and sizes.
 *
 * <p>Records instead of long parameter lists, because two addresses swapped in a call compile and run. All addresses must be
 * multiples of 16 bytes.
 */
package org.mxforge.dsl.launch;
