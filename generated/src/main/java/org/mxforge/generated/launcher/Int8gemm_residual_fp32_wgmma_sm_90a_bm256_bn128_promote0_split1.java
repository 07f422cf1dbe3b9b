// GENERATED from int8gemm/v1;epilogue=residual;out=fp32|wgmma|sm_90a|bm=256,bn=128,promote=0,split=1; do not edit
package org.mxforge.generated.launcher;

import org.mxforge.dsl.launch.DeviceFact;
import org.mxforge.dsl.launch.Int8GemmArguments;
import org.mxforge.runtime.cuda.driver.CudaKernel;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.KernelArguments;
import org.mxforge.runtime.cuda.launch.LaunchCheck;
import org.mxforge.runtime.cuda.launch.Launcher;

/**
 * Launches the kernel {@code int8gemm_residual_fp32_wgmma}.
 *
 * <ul>
 * <li>spec: {@code int8gemm/v1;epilogue=residual;out=fp32}
 * <li>algorithm, target and configuration: {@code wgmma}, {@code sm_90a}, {@code bm=256,bn=128,promote=0,split=1}
 * <li>grid: at most as many blocks as multiprocessors, one for each tile of 256 rows and 128 columns of D in turn
 * </ul>
 */
public final class Int8gemm_residual_fp32_wgmma_sm_90a_bm256_bn128_promote0_split1 implements Launcher<Int8GemmArguments> {
    private static final int THREADS = 384;

    @Override
    public void launch(CudaKernel kernel, CudaStream stream, Int8GemmArguments arguments) {
        long m = arguments.m();
        if (m < 1) {
            throw LaunchCheck.refusal("m is {}: it must be more than 0", m);
        }
        long n = arguments.n();
        if (n < 1) {
            throw LaunchCheck.refusal("n is {}: it must be more than 0", n);
        }
        long k = arguments.k();
        if (k < 1) {
            throw LaunchCheck.refusal("k is {}: it must be more than 0", k);
        }
        if ((k < 0) || (k % 16 != 0)) {
            throw LaunchCheck.refusal("k is {}: it must be a multiple of 16", k);
        }
        if (k > 133144) {
            throw LaunchCheck.refusal("the sum of {} channels may be too large for INT32", k);
        }
        LaunchCheck.address("a", arguments.a(), 16);
        LaunchCheck.address("b", arguments.b(), 16);
        LaunchCheck.address("rowScales", arguments.rowScales(), 16);
        LaunchCheck.address("columnScales", arguments.columnScales(), 16);
        LaunchCheck.address("epilogueOperand", arguments.epilogueOperand(), 16);
        LaunchCheck.address("d", arguments.d(), 16);
        KernelArguments values = KernelArguments.of()
                .int32(arguments.m())
                .int32(arguments.n())
                .int32(arguments.k())
                .pointer(arguments.a())
                .pointer(arguments.b())
                .pointer(arguments.rowScales())
                .pointer(arguments.columnScales())
                .pointer(arguments.epilogueOperand())
                .pointer(arguments.d());
        long multiprocessors = kernel.fact(DeviceFact.MULTIPROCESSORS);
        int gridX = Math.toIntExact(Math.min((((n - 1) / 128) + 1) * (((m - 1) / 256) + 1), multiprocessors));
        int gridY = 1;
        int sharedBytes = 214144;
        kernel.launch(stream, gridX, gridY, 1, THREADS, sharedBytes, values);
    }
}
