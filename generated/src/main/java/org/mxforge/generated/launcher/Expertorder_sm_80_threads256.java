// GENERATED from expertorder/v1|sm_80|threads=256; do not edit
package org.mxforge.generated.launcher;

import org.mxforge.dsl.launch.ExpertOrderArguments;
import org.mxforge.runtime.cuda.driver.CudaKernel;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.KernelArguments;
import org.mxforge.runtime.cuda.launch.LaunchCheck;
import org.mxforge.runtime.cuda.launch.Launcher;

/**
 * Launches the kernel {@code expertorder}.
 *
 * <ul>
 * <li>spec: {@code expertorder/v1}
 * <li>target and configuration: {@code sm_80}, {@code threads=256}
 * <li>grid: one block for each expert
 * </ul>
 */
public final class Expertorder_sm_80_threads256 implements Launcher<ExpertOrderArguments> {
    private static final int THREADS = 256;

    @Override
    public void launch(CudaKernel kernel, CudaStream stream, ExpertOrderArguments arguments) {
        LaunchCheck.positive("rows", arguments.rows());
        LaunchCheck.positive("experts", arguments.experts());
        LaunchCheck.positive("perToken", arguments.perToken());
        LaunchCheck.positive("tiles", arguments.tiles());
        LaunchCheck.atMost("experts", arguments.experts(), 1024);
        LaunchCheck.atMost("perToken", arguments.perToken(), arguments.experts());
        LaunchCheck.tiles(arguments.tiles(), arguments.rows(), arguments.perToken(), arguments.experts());
        LaunchCheck.address("chosen", arguments.chosen());
        LaunchCheck.address("routes", arguments.routes());
        LaunchCheck.address("tokens", arguments.tokens());
        LaunchCheck.address("places", arguments.places());
        KernelArguments values = KernelArguments.of()
                .int32(arguments.rows())
                .int32(arguments.experts())
                .int32(arguments.perToken())
                .int32(arguments.tiles())
                .pointer(arguments.chosen())
                .pointer(arguments.routes())
                .pointer(arguments.tokens())
                .pointer(arguments.places());
        int gridX = arguments.experts();
        int gridY = 1;
        int sharedBytes = 0;
        kernel.launch(stream, gridX, gridY, 1, THREADS, sharedBytes, values);
    }
}
