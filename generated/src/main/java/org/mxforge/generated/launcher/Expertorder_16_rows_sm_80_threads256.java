// GENERATED from expertorder/v1;rows=16|rows|sm_80|threads=256; do not edit
package org.mxforge.generated.launcher;

import org.mxforge.dsl.launch.ExpertOrderArguments;
import org.mxforge.runtime.cuda.driver.CudaKernel;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.KernelArguments;
import org.mxforge.runtime.cuda.launch.LaunchCheck;
import org.mxforge.runtime.cuda.launch.Launcher;

/**
 * Launches the kernel {@code expertorder_16_rows}.
 *
 * <ul>
 * <li>spec: {@code expertorder/v1;rows=16}
 * <li>algorithm, target and configuration: {@code rows}, {@code sm_80}, {@code threads=256}
 * <li>grid: one block for each expert
 * </ul>
 */
public final class Expertorder_16_rows_sm_80_threads256 implements Launcher<ExpertOrderArguments> {
    private static final int THREADS = 256;

    @Override
    public void launch(CudaKernel kernel, CudaStream stream, ExpertOrderArguments arguments) {
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
        if (experts > 1024) {
            throw LaunchCheck.refusal("experts is {}: it must be at most {}", experts, 1024);
        }
        if (perToken > experts) {
            throw LaunchCheck.refusal("perToken is {}: it must be at most {}", perToken, experts);
        }
        if (tiles < ((rows * perToken) + (Math.min(rows * perToken, experts) * 15)) / 16) {
            throw LaunchCheck.refusal("tiles is {}: {} tokens with {} of {} experts each may need {}", tiles, rows, perToken, experts, ((rows * perToken) + (Math.min(rows * perToken, experts) * 15)) / 16);
        }
        LaunchCheck.address("chosen", arguments.chosen(), 16);
        LaunchCheck.address("routes", arguments.routes(), 16);
        LaunchCheck.address("tokens", arguments.tokens(), 16);
        LaunchCheck.address("permutation", arguments.permutation(), 16);
        KernelArguments values = KernelArguments.of()
                .int32(arguments.rows())
                .int32(arguments.experts())
                .int32(arguments.perToken())
                .int32(arguments.tiles())
                .pointer(arguments.chosen())
                .pointer(arguments.routes())
                .pointer(arguments.tokens())
                .pointer(arguments.permutation());
        int gridX = Math.toIntExact(experts);
        int gridY = 1;
        int sharedBytes = 0;
        kernel.launch(stream, gridX, gridY, 1, THREADS, sharedBytes, values);
    }
}
