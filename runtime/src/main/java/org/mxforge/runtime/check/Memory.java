package org.mxforge.runtime.check;

import java.util.List;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.runtime.simulate.Finding;

/** The memory of a device during one case, and what runs kernels in it. */
interface Memory extends AutoCloseable {
    /** A new array of this content; its address. */
    long upload(String name, byte[] content);

    /** The same, of which the kernel may leave a part as it is, and writes each other byte once. */
    long uploadResult(String name, byte[] content);

    /** A new array that nobody has written, and each byte of which the kernel writes once. */
    long allocate(String name, int bytes);

    byte[] download(long address);

    /** Runs a kernel to its end, and tells what it did wrong, as far as the device knows. */
    List<Finding> launch(KernelVariant variant, Record arguments);

    @Override
    void close();
}
