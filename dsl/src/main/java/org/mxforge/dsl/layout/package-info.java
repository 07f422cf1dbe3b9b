/**
 * Where codes and scales lie in memory, and how channels are split among formats.
 *
 * <p>Group size and scale format are parameters, {@link org.mxforge.dsl.layout.GroupLayout}, of specs, of splits and so of all operands.
 * Groups of 16 and 64 elements have kernels wherever nothing is folded: the portable ones and those of the CPU. What folds is for the
 * groups of 32 with E8M0 scales of OCP MX v1.0, and algorithms, host packing and quantized checkpoints refuse others in a sentence.
 *
 * <p>Another scale format, such as E4M3, touches these places: a constant of {@link org.mxforge.dsl.format.ScaleFormat} with its codec
 * beside {@link org.mxforge.dsl.format.ScaleCodec}, whose methods have the same names and arguments (a rule that has no meaning for the
 * format is refused by {@link org.mxforge.dsl.spec.MxQuantizeSpec}); and, of the judge, the scales that exact operands draw, which are
 * powers of two. Emitters, templates, CPU kernels and the oracle call the codec of the format that the layout names.
 */
package org.mxforge.dsl.layout;
