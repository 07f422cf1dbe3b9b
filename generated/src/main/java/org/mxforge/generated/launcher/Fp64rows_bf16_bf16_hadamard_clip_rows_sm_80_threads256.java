// GENERATED from fp64rows/v1;in=bf16;layout=bf16;transform=hadamard;rule=clip|rows|sm_80|threads=256; do not edit
package org.mxforge.generated.launcher;

import org.mxforge.dsl.launch.Fp64RowsArguments;
import org.mxforge.runtime.cuda.driver.CudaKernel;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.KernelArguments;
import org.mxforge.runtime.cuda.launch.LaunchCheck;
import org.mxforge.runtime.cuda.launch.Launcher;

/**
 * Launches the kernel {@code fp64rows_bf16_bf16_hadamard_clip_rows}.
 *
 * <ul>
 * <li>spec: {@code fp64rows/v1;in=bf16;layout=bf16;transform=hadamard;rule=clip}
 * <li>algorithm, target and configuration: {@code rows}, {@code sm_80}, {@code threads=256}
 * <li>grid: one block for each row
 * </ul>
 */
public final class Fp64rows_bf16_bf16_hadamard_clip_rows_sm_80_threads256 implements Launcher<Fp64RowsArguments> {
    private static final int THREADS = 256;

    @Override
    public void launch(CudaKernel kernel, CudaStream stream, Fp64RowsArguments arguments) {
        long rows = arguments.rows();
        if (rows < 1) {
            throw LaunchCheck.refusal("rows is {}: it must be more than 0", rows);
        }
        long columns = arguments.columns();
        if (columns < 1) {
            throw LaunchCheck.refusal("columns is {}: it must be more than 0", columns);
        }
        if ((columns < 0) || (columns % 32 != 0)) {
            throw LaunchCheck.refusal("columns is {}: it must be a multiple of 32", columns);
        }
        LaunchCheck.address("x", arguments.x(), 16);
        LaunchCheck.address("order", arguments.order(), 16);
        LaunchCheck.address("formats", arguments.formats(), 16);
        LaunchCheck.address("y", arguments.y(), 16);
        KernelArguments values = KernelArguments.of()
                .int32(arguments.rows())
                .int32(arguments.columns())
                .pointer(arguments.x())
                .pointer(arguments.order())
                .pointer(arguments.formats())
                .pointer(arguments.y());
        int gridX = Math.toIntExact(rows);
        int gridY = 1;
        int sharedBytes = 0;
        kernel.launch(stream, gridX, gridY, 1, THREADS, sharedBytes, values);
    }
}
