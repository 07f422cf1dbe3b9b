package org.mxforge.runtime;

/**
 * What the compiler made of a kernel.
 *
 * @param format what it is
 * @param content a cubin, or PTX text
 * @param registers registers of a thread; 0 for PTX
 * @param spillBytes bytes of registers written to and read from memory for lack of room; 0 is what is wanted
 * @param staticSharedBytes shared memory that is part of the kernel
 * @param compileMillis how long it took
 */
public record KernelImage(
        Format format, byte[] content, int registers, int spillBytes, int staticSharedBytes, long compileMillis) {
    /** What NVRTC makes. */
    public enum Format {
        /** Machine code: loads on GPUs of the target's own major only. */
        CUBIN,
        /** Virtual machine code, compiled by the driver when it is loaded. */
        PTX
    }
}
