// GENERATED from expertchoice/v1|sm_80|threads=256; do not edit
package org.mxforge.generated.launcher;

import org.mxforge.dsl.launch.ExpertChoiceArguments;
import org.mxforge.runtime.cuda.driver.CudaKernel;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.KernelArguments;
import org.mxforge.runtime.cuda.launch.LaunchCheck;
import org.mxforge.runtime.cuda.launch.Launcher;

/**
 * Launches the kernel {@code expertchoice}.
 *
 * <ul>
 * <li>spec: {@code expertchoice/v1}
 * <li>target and configuration: {@code sm_80}, {@code threads=256}
 * <li>grid: one block for 8 rows
 * </ul>
 */
public final class Expertchoice_sm_80_threads256 implements Launcher<ExpertChoiceArguments> {
    private static final int THREADS = 256;

    @Override
    public void launch(CudaKernel kernel, CudaStream stream, ExpertChoiceArguments arguments) {
        LaunchCheck.positive("rows", arguments.rows());
        LaunchCheck.positive("experts", arguments.experts());
        LaunchCheck.positive("perToken", arguments.perToken());
        LaunchCheck.atMost("perToken", arguments.perToken(), Math.min(arguments.experts(), 32));
        LaunchCheck.address("scores", arguments.scores());
        LaunchCheck.address("chosen", arguments.chosen());
        LaunchCheck.address("shares", arguments.shares());
        KernelArguments values = KernelArguments.of()
                .int32(arguments.rows())
                .int32(arguments.experts())
                .int32(arguments.perToken())
                .pointer(arguments.scores())
                .pointer(arguments.chosen())
                .pointer(arguments.shares());
        int gridX = 1 + (arguments.rows() - 1) / 8;
        int gridY = 1;
        int sharedBytes = 0;
        kernel.launch(stream, gridX, gridY, 1, THREADS, sharedBytes, values);
    }
}
