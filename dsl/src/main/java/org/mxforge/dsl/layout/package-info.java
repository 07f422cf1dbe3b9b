/**
 * Where codes and scales lie in memory, and how channels are split among formats.
 *
 * <p>Group size and scale format are parameters, {@link org.mxforge.dsl.layout.GroupLayout}. Groups of 16 and 64 elements have kernels
 * wherever nothing is folded; what folds is for the groups of 32 with E8M0 scales of OCP MX v1.0, and says so. Another scale format is a
 * constant of {@link org.mxforge.dsl.format.ScaleFormat} and its codec beside {@link org.mxforge.dsl.format.ScaleCodec}, with the same
 * methods: emitted kernels, for GPUs and for the CPU, call the methods of the format's codec.
 */
package org.mxforge.dsl.layout;
