package org.mxforge.runtime.exec.cpu;

import org.mxforge.runtime.cpu.CpuExecutor;
import org.mxforge.runtime.cpu.GemmRunner;

/** What the layers of one backend share: threads, kernels, and the two brought together. */
record CpuSession(CpuExecutor executor, CpuKernels kernels, GemmRunner runner) {
    CpuSession(CpuExecutor executor, CpuKernels kernels) {
        this(executor, kernels, new GemmRunner(executor));
    }
}
