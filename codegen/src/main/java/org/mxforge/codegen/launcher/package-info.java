/**
 * Typed Java launchers through JavaPoet: one class for each kernel variant, which checks its arguments and knows order and geometry.
 *
 * <p>Emitted from the same variant as the kernel, because tile, threads, shared memory and the number of partitions are facts of
 * the emitted CUDA text: written down a second time by hand they would drift. The runtime's types are named here, not imported:
 * codegen does not depend on the runtime.
 */
package org.mxforge.codegen.launcher;
