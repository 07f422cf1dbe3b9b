// GENERATED from expertchoice/v1|rows|sm_80|threads=256; do not edit
package org.mxforge.generated.launcher;

import org.mxforge.dsl.launch.ExpertChoiceArguments;
import org.mxforge.runtime.cuda.driver.CudaKernel;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.KernelArguments;
import org.mxforge.runtime.cuda.launch.LaunchCheck;
import org.mxforge.runtime.cuda.launch.Launcher;

/**
 * Launches the kernel {@code expertchoice_rows}.
 *
 * <ul>
 * <li>spec: {@code expertchoice/v1}
 * <li>algorithm, target and configuration: {@code rows}, {@code sm_80}, {@code threads=256}
 * <li>grid: one block for 8 rows
 * </ul>
 */
public final class Expertchoice_rows_sm_80_threads256 implements Launcher<ExpertChoiceArguments> {
    private static final int THREADS = 256;

    @Override
    public void launch(CudaKernel kernel, CudaStream stream, ExpertChoiceArguments arguments) {
        long rows = arguments.rows();
        if (rows < 1) {
            throw LaunchCheck.refusal("rows is {}: it must be more than 0", rows);
        }
        long experts = arguments.experts();
        if (experts < 1) {
            throw LaunchCheck.refusal("experts is {}: it must be more than 0", experts);
        }
        long perToken = arguments.perToken();
        if (perToken < 1) {
            throw LaunchCheck.refusal("perToken is {}: it must be more than 0", perToken);
        }
        if (perToken > Math.min(experts, 32)) {
            throw LaunchCheck.refusal("perToken is {}: it must be at most {}", perToken, Math.min(experts, 32));
        }
        LaunchCheck.address("scores", arguments.scores(), 16);
        LaunchCheck.address("chosen", arguments.chosen(), 16);
        LaunchCheck.address("shares", arguments.shares(), 16);
        KernelArguments values = KernelArguments.of()
                .int32(arguments.rows())
                .int32(arguments.experts())
                .int32(arguments.perToken())
                .pointer(arguments.scores())
                .pointer(arguments.chosen())
                .pointer(arguments.shares());
        int gridX = Math.toIntExact(((rows - 1) / 8) + 1);
        int gridY = 1;
        int sharedBytes = 0;
        kernel.launch(stream, gridX, gridY, 1, THREADS, sharedBytes, values);
    }
}
