// GENERATED from tokenroute/v1|rows|sm_80|threads=512; do not edit
package org.mxforge.generated.launcher;

import org.mxforge.dsl.launch.TokenRouteArguments;
import org.mxforge.runtime.cuda.driver.CudaKernel;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.KernelArguments;
import org.mxforge.runtime.cuda.launch.LaunchCheck;
import org.mxforge.runtime.cuda.launch.Launcher;

/**
 * Launches the kernel {@code tokenroute_rows}.
 *
 * <ul>
 * <li>spec: {@code tokenroute/v1}
 * <li>algorithm, target and configuration: {@code rows}, {@code sm_80}, {@code threads=512}
 * <li>grid: one block
 * </ul>
 */
public final class Tokenroute_rows_sm_80_threads512 implements Launcher<TokenRouteArguments> {
    private static final int THREADS = 512;

    @Override
    public void launch(CudaKernel kernel, CudaStream stream, TokenRouteArguments arguments) {
        long columns = arguments.columns();
        if (columns < 1) {
            throw LaunchCheck.refusal("columns is {}: it must be more than 0", columns);
        }
        if ((columns < 0) || (columns % 8 != 0)) {
            throw LaunchCheck.refusal("columns is {}: it must be a multiple of 8", columns);
        }
        long experts = arguments.experts();
        if (experts < 1) {
            throw LaunchCheck.refusal("experts is {}: it must be more than 0", experts);
        }
        long perToken = arguments.perToken();
        if (perToken < 1) {
            throw LaunchCheck.refusal("perToken is {}: it must be more than 0", perToken);
        }
        if (experts > 1024) {
            throw LaunchCheck.refusal("experts is {}: it must be at most {}", experts, 1024);
        }
        if (perToken > Math.min(experts, 32)) {
            throw LaunchCheck.refusal("perToken is {}: it must be at most {}", perToken, Math.min(experts, 32));
        }
        LaunchCheck.address("x", arguments.x(), 16);
        LaunchCheck.address("weight", arguments.weight(), 16);
        LaunchCheck.range("epsilon", arguments.epsilon(), 0.0f, 3.4028235E38f);
        LaunchCheck.address("router", arguments.router(), 16);
        LaunchCheck.address("shares", arguments.shares(), 16);
        LaunchCheck.address("routes", arguments.routes(), 16);
        LaunchCheck.address("tokens", arguments.tokens(), 16);
        LaunchCheck.address("permutation", arguments.permutation(), 16);
        KernelArguments values = KernelArguments.of()
                .int32(arguments.columns())
                .int32(arguments.experts())
                .int32(arguments.perToken())
                .pointer(arguments.x())
                .pointer(arguments.weight())
                .float32(arguments.epsilon())
                .pointer(arguments.router())
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
