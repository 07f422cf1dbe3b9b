package org.mxforge.codegen.cuda;

import org.mxforge.dsl.launch.LaunchSignature;
import org.mxforge.dsl.spec.KernelVariant;

/**
 * An emitted CUDA C++ kernel: one self-contained translation unit with one entry point.
 *
 * @param variant what it was emitted from
 * @param entryPoint name of the {@code extern "C"} kernel
 * @param text the whole file
 * @param signature how it is launched
 * @param sharedBytes dynamic shared memory of a block, in bytes; the most of it where it depends on the launch
 */
public record CudaSource(
        KernelVariant variant, String entryPoint, String text, LaunchSignature signature, int sharedBytes) {
    /** Whether the kernel waits itself for the kernels before it in a stream, so that it may begin while these run; as the text says. */
    public boolean awaitsKernelsBefore() {
        return text.contains("griddepcontrol.wait;");
    }

    /** Threads of a block. */
    public int threads() {
        return signature.threads();
    }
}
