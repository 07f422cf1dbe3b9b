// GENERATED from expertroute/v1|rows|sm_80|threads=256; do not edit
package org.mxforge.generated.launcher;

import org.mxforge.dsl.launch.ExpertRouteArguments;
import org.mxforge.runtime.cuda.driver.CudaKernel;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.KernelArguments;
import org.mxforge.runtime.cuda.launch.LaunchCheck;
import org.mxforge.runtime.cuda.launch.Launcher;

/**
 * Launches the kernel {@code expertroute_rows}.
 *
 * <ul>
 * <li>spec: {@code expertroute/v1}
 * <li>algorithm, target and configuration: {@code rows}, {@code sm_80}, {@code threads=256}
 * <li>grid: one block
 * </ul>
 */
public final class Expertroute_rows_sm_80_threads256 implements Launcher<ExpertRouteArguments> {
    private static final int THREADS = 256;

    @Override
    public void launch(CudaKernel kernel, CudaStream stream, ExpertRouteArguments arguments) {
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
        long tiles = arguments.tiles();
        if (tiles < 1) {
            throw LaunchCheck.refusal("tiles is {}: it must be more than 0", tiles);
        }
        if (rows > 16) {
            throw LaunchCheck.refusal("rows is {}: it must be at most {}", rows, 16);
        }
        if (perToken > Math.min(experts, 32)) {
            throw LaunchCheck.refusal("perToken is {}: it must be at most {}", perToken, Math.min(experts, 32));
        }
        if (tiles < ((rows * perToken) + (Math.min(rows * perToken, experts) * 15)) / 16) {
            throw LaunchCheck.refusal("tiles is {}: {} tokens with {} of {} experts each may need {}", tiles, rows, perToken, experts, ((rows * perToken) + (Math.min(rows * perToken, experts) * 15)) / 16);
        }
        LaunchCheck.address("scores", arguments.scores(), 16);
        LaunchCheck.address("shares", arguments.shares(), 16);
        LaunchCheck.address("routes", arguments.routes(), 16);
        LaunchCheck.address("tokens", arguments.tokens(), 16);
        LaunchCheck.address("permutation", arguments.permutation(), 16);
        KernelArguments values = KernelArguments.of()
                .int32(arguments.rows())
                .int32(arguments.experts())
                .int32(arguments.perToken())
                .int32(arguments.tiles())
                .pointer(arguments.scores())
                .pointer(arguments.shares())
                .pointer(arguments.routes())
                .pointer(arguments.tokens())
                .pointer(arguments.permutation());
        int gridX = 1;
        int gridY = 1;
        int sharedBytes = 0;
        kernel.launch(stream, gridX, gridY, 1, THREADS, sharedBytes, values);
    }
}
