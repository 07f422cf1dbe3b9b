// GENERATED from crossentropy/v1|rows|sm_80|threads=256; do not edit
package org.mxforge.generated.launcher;

import org.mxforge.dsl.launch.CrossEntropyArguments;
import org.mxforge.runtime.cuda.driver.CudaKernel;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.KernelArguments;
import org.mxforge.runtime.cuda.launch.LaunchCheck;
import org.mxforge.runtime.cuda.launch.Launcher;

/**
 * Launches the kernel {@code crossentropy_rows}.
 *
 * <ul>
 * <li>spec: {@code crossentropy/v1}
 * <li>algorithm, target and configuration: {@code rows}, {@code sm_80}, {@code threads=256}
 * <li>grid: one block for each row
 * </ul>
 */
public final class Crossentropy_rows_sm_80_threads256 implements Launcher<CrossEntropyArguments> {
    private static final int THREADS = 256;

    @Override
    public void launch(CudaKernel kernel, CudaStream stream, CrossEntropyArguments arguments) {
        long rows = arguments.rows();
        if (rows < 1) {
            throw LaunchCheck.refusal("rows is {}: it must be more than 0", rows);
        }
        long columns = arguments.columns();
        if (columns < 1) {
            throw LaunchCheck.refusal("columns is {}: it must be more than 0", columns);
        }
        long first = arguments.first();
        if (first < 0) {
            throw LaunchCheck.refusal("first is {}: it must not be negative", first);
        }
        LaunchCheck.address("logits", arguments.logits(), 16);
        LaunchCheck.address("targets", arguments.targets(), 16);
        LaunchCheck.address("state", arguments.state(), 16);
        KernelArguments values = KernelArguments.of()
                .int32(arguments.rows())
                .int32(arguments.columns())
                .int32(arguments.first())
                .pointer(arguments.logits())
                .pointer(arguments.targets())
                .pointer(arguments.state());
        int gridX = Math.toIntExact(rows);
        int gridY = 1;
        int sharedBytes = 0;
        kernel.launch(stream, gridX, gridY, 1, THREADS, sharedBytes, values);
    }
}
