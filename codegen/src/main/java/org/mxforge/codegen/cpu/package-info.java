/**
 * Kernels of the CPU target as Java source.
 *
 * <p>A kernel is specialised on what its spec and configuration fix: formats, partitions, epilogue, tile sizes. The loops are
 * written in the one form that HotSpot turns into vector code: one statement over contiguous columns, eight channels at once,
 * every array indexed by the loop variable plus a constant.
 */
package org.mxforge.codegen.cpu;
