// GENERATED from fp64factor/v1|rows|sm_80|threads=256; do not edit
package org.mxforge.generated.launcher;

import org.mxforge.dsl.launch.Fp64FactorArguments;
import org.mxforge.runtime.cuda.driver.CudaKernel;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.KernelArguments;
import org.mxforge.runtime.cuda.launch.LaunchCheck;
import org.mxforge.runtime.cuda.launch.Launcher;

/**
 * Launches the kernel {@code fp64factor_rows}.
 *
 * <ul>
 * <li>spec: {@code fp64factor/v1}
 * <li>algorithm, target and configuration: {@code rows}, {@code sm_80}, {@code threads=256}
 * <li>grid: one block
 * </ul>
 */
public final class Fp64factor_rows_sm_80_threads256 implements Launcher<Fp64FactorArguments> {
    private static final int THREADS = 256;

    @Override
    public void launch(CudaKernel kernel, CudaStream stream, Fp64FactorArguments arguments) {
        long size = arguments.size();
        if (size < 1) {
            throw LaunchCheck.refusal("size is {}: it must be more than 0", size);
        }
        if ((size < 0) || (size % 2 != 0)) {
            throw LaunchCheck.refusal("size is {}: it must be a multiple of 2", size);
        }
        long first = arguments.first();
        if (first < 0) {
            throw LaunchCheck.refusal("first is {}: it must not be negative", first);
        }
        if ((first < 0) || (first % 2 != 0)) {
            throw LaunchCheck.refusal("first is {}: it must be a multiple of 2", first);
        }
        LaunchCheck.address("matrix", arguments.matrix(), 16);
        LaunchCheck.address("inverse", arguments.inverse(), 16);
        LaunchCheck.address("root", arguments.root(), 16);
        LaunchCheck.address("failed", arguments.failed(), 16);
        KernelArguments values = KernelArguments.of()
                .int32(arguments.size())
                .int32(arguments.first())
                .pointer(arguments.matrix())
                .pointer(arguments.inverse())
                .pointer(arguments.root())
                .pointer(arguments.failed());
        int gridX = 1;
        int gridY = 1;
        int sharedBytes = 0;
        kernel.launch(stream, gridX, gridY, 1, THREADS, sharedBytes, values);
    }
}
