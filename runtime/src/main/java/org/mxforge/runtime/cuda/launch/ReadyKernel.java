package org.mxforge.runtime.cuda.launch;

import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.runtime.cuda.driver.CudaKernel;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.nvrtc.CompiledKernel;

/**
 * A kernel variant that is loaded and can be launched with typed arguments.
 *
 * @param <A> argument record of the spec's stem
 * @param variant what it is
 * @param compiled what the compiler said about it
 * @param kernel the kernel on the GPU
 * @param launcher checks arguments and decides the launch geometry
 */
public record ReadyKernel<A>(KernelVariant variant, CompiledKernel compiled, CudaKernel kernel, Launcher<A> launcher) {
    /** Launches on {@code stream}, without waiting. */
    public void launch(CudaStream stream, A arguments) {
        launcher.launch(kernel, stream, arguments);
    }
}
