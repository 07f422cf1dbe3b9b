// GENERATED from densegemm/v1;epilogue=bias;out=bf16|sm_80|bk=32,bm=128,bn=128,stages=3,wm=2,wn=4; do not edit
package org.mxforge.generated.launcher;

import org.mxforge.dsl.launch.DenseGemmArguments;
import org.mxforge.runtime.cuda.driver.CudaKernel;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.KernelArguments;
import org.mxforge.runtime.cuda.launch.LaunchCheck;
import org.mxforge.runtime.cuda.launch.Launcher;

/**
 * Launches the kernel {@code densegemm_bias_bf16}.
 *
 * <ul>
 * <li>spec: {@code densegemm/v1;epilogue=bias;out=bf16}
 * <li>target and configuration: {@code sm_80}, {@code bk=32,bm=128,bn=128,stages=3,wm=2,wn=4}
 * <li>grid: one block for each tile of 128 rows and 128 columns of D, columns along x
 * </ul>
 */
public final class Densegemm_bias_bf16_sm_80_bk32_bm128_bn128_stages3_wm2_wn4 implements Launcher<DenseGemmArguments> {
    private static final int THREADS = 256;

    @Override
    public void launch(CudaKernel kernel, CudaStream stream, DenseGemmArguments arguments) {
        LaunchCheck.positive("m", arguments.m());
        LaunchCheck.positive("n", arguments.n());
        LaunchCheck.positive("k", arguments.k());
        LaunchCheck.multiple("k", arguments.k(), 8);
        LaunchCheck.address("a", arguments.a());
        LaunchCheck.address("b", arguments.b());
        LaunchCheck.address("extra", arguments.extra());
        LaunchCheck.address("d", arguments.d());
        KernelArguments values = KernelArguments.of()
                .int32(arguments.m())
                .int32(arguments.n())
                .int32(arguments.k())
                .pointer(arguments.a())
                .pointer(arguments.b())
                .pointer(arguments.extra())
                .pointer(arguments.d());
        int gridX = 1 + (arguments.n() - 1) / 128;
        int gridY = 1 + (arguments.m() - 1) / 128;
        int sharedBytes = 49152;
        kernel.launch(stream, gridX, gridY, 1, THREADS, sharedBytes, values);
    }
}
