// GENERATED from sampling/v1|rows|sm_80|threads=1024; do not edit
package org.mxforge.generated.launcher;

import org.mxforge.dsl.launch.SamplingArguments;
import org.mxforge.runtime.cuda.driver.CudaKernel;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.KernelArguments;
import org.mxforge.runtime.cuda.launch.LaunchCheck;
import org.mxforge.runtime.cuda.launch.Launcher;

/**
 * Launches the kernel {@code sampling_rows}.
 *
 * <ul>
 * <li>spec: {@code sampling/v1}
 * <li>algorithm, target and configuration: {@code rows}, {@code sm_80}, {@code threads=1024}
 * <li>grid: one block for each row
 * </ul>
 */
public final class Sampling_rows_sm_80_threads1024 implements Launcher<SamplingArguments> {
    private static final int THREADS = 1024;

    @Override
    public void launch(CudaKernel kernel, CudaStream stream, SamplingArguments arguments) {
        long rows = arguments.rows();
        if (rows < 1) {
            throw LaunchCheck.refusal("rows is {}: it must be more than 0", rows);
        }
        long columns = arguments.columns();
        if (columns < 1) {
            throw LaunchCheck.refusal("columns is {}: it must be more than 0", columns);
        }
        LaunchCheck.address("topP", arguments.topP(), 16);
        LaunchCheck.address("uniform", arguments.uniform(), 16);
        LaunchCheck.address("p", arguments.p(), 16);
        LaunchCheck.address("token", arguments.token(), 16);
        KernelArguments values = KernelArguments.of()
                .int32(arguments.rows())
                .int32(arguments.columns())
                .pointer(arguments.topP())
                .pointer(arguments.uniform())
                .pointer(arguments.p())
                .pointer(arguments.token());
        int gridX = Math.toIntExact(rows);
        int gridY = 1;
        int sharedBytes = 0;
        kernel.launch(stream, gridX, gridY, 1, THREADS, sharedBytes, values);
    }
}
