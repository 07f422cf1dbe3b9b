/**
 * Emitted CUDA kernels without a GPU: their PTX, interpreted, and what hardware would not tell of them.
 *
 * <p>PTX and not CUDA C++ or machine code, because it is the last form that is documented in full. The text is read once
 * ({@code PtxParser}), each instruction becomes a {@code Step} once ({@code InstructionSet} and the classes named after families of
 * instructions), and a {@code Launch} runs the steps: block after block, warp after warp, each step for the lanes that are at it. Lanes that
 * part meet again at the immediate post-dominator ({@code ControlFlow}). What is not modelled is refused when the kernel is read, never
 * skipped.
 *
 * <p>Memory knows for each byte whether it was written and who accessed it last and when ({@code Area}, {@code AccessLog}); time is
 * counted by barriers and known to others through barriers only, so that a race is found in whatever order the warps ran. Asynchronous
 * copies are done as late as the kernel allows. Arrays that are allocated are results, each byte of which a launch writes once; what a
 * kernel writes over again is uploaded.
 *
 * <p>Results are those of a GPU, bit for bit, but for functions that PTX only bounds and for sums of tensor cores, whose width is a
 * parameter ({@code TensorCore}).
 */
package org.mxforge.runtime.simulate;
