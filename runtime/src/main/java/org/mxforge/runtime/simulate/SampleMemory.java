package org.mxforge.runtime.simulate;

/** Where the arrays of a sample launch lie: the simulator's memory or a GPU's. */
interface SampleMemory {
    /** A new array with the given content; its address. */
    long upload(String name, byte[] content);

    /** A new array that the kernel shall write, zeros until then; its address. */
    long allocate(String name, int bytes);

    /** The content of the array at {@code address}. */
    byte[] download(long address);
}
