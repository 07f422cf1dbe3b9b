package org.mxforge.runtime.exec.cpu;

/** What the layers of one backend share: threads, kernels, and the two brought together. */
record CpuSession(CpuExecutor executor, CpuKernels kernels, GemmRunner runner) {
    CpuSession(CpuExecutor executor, CpuKernels kernels) {
        this(executor, kernels, new GemmRunner(executor));
    }
}
