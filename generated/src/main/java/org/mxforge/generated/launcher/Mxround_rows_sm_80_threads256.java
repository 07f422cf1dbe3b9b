// GENERATED from mxround/v1|rows|sm_80|threads=256; do not edit
package org.mxforge.generated.launcher;

import org.mxforge.dsl.launch.MxRoundArguments;
import org.mxforge.runtime.cuda.driver.CudaKernel;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.KernelArguments;
import org.mxforge.runtime.cuda.launch.LaunchCheck;
import org.mxforge.runtime.cuda.launch.Launcher;

/**
 * Launches the kernel {@code mxround_rows}.
 *
 * <ul>
 * <li>spec: {@code mxround/v1}
 * <li>algorithm, target and configuration: {@code rows}, {@code sm_80}, {@code threads=256}
 * <li>grid: one warp for each row
 * </ul>
 */
public final class Mxround_rows_sm_80_threads256 implements Launcher<MxRoundArguments> {
    private static final int THREADS = 256;

    @Override
    public void launch(CudaKernel kernel, CudaStream stream, MxRoundArguments arguments) {
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
        long first = arguments.first();
        if (first < 0) {
            throw LaunchCheck.refusal("first is {}: it must not be negative", first);
        }
        if ((first < 0) || (first % 32 != 0)) {
            throw LaunchCheck.refusal("first is {}: it must be a multiple of 32", first);
        }
        LaunchCheck.address("weight", arguments.weight(), 16);
        LaunchCheck.address("root", arguments.root(), 16);
        LaunchCheck.address("formats", arguments.formats(), 16);
        LaunchCheck.address("codes", arguments.codes(), 16);
        LaunchCheck.address("scales", arguments.scales(), 16);
        LaunchCheck.address("errors", arguments.errors(), 16);
        KernelArguments values = KernelArguments.of()
                .int32(arguments.rows())
                .int32(arguments.columns())
                .int32(arguments.first())
                .pointer(arguments.weight())
                .pointer(arguments.root())
                .pointer(arguments.formats())
                .pointer(arguments.codes())
                .pointer(arguments.scales())
                .pointer(arguments.errors());
        int gridX = Math.toIntExact(((rows - 1) / 8) + 1);
        int gridY = 1;
        int sharedBytes = 0;
        kernel.launch(stream, gridX, gridY, 1, THREADS, sharedBytes, values);
    }
}
