package org.mxforge.runtime.cuda.nvrtc;

/**
 * What the compiler made of one kernel.
 *
 * @param image a cubin, or PTX text ending in a zero byte
 * @param log compiler's and assembler's messages
 * @param registers registers of a thread; 0 for PTX
 * @param spillBytes bytes of registers written to and read from memory for lack of room; 0 is what is wanted
 * @param staticSharedBytes shared memory that is part of the kernel
 * @param compileMillis how long it took
 */
public record CompiledKernel(
        byte[] image, String log, int registers, int spillBytes, int staticSharedBytes, long compileMillis) {}
