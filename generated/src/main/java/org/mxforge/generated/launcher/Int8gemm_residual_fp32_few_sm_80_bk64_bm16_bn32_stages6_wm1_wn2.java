// GENERATED from int8gemm/v1;epilogue=residual;out=fp32|few|sm_80|bk=64,bm=16,bn=32,stages=6,wm=1,wn=2; do not edit
package org.mxforge.generated.launcher;

import org.mxforge.dsl.launch.Int8GemmArguments;
import org.mxforge.runtime.cuda.driver.CudaKernel;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.KernelArguments;
import org.mxforge.runtime.cuda.launch.LaunchCheck;
import org.mxforge.runtime.cuda.launch.Launcher;

/**
 * Launches the kernel {@code int8gemm_residual_fp32_few}.
 *
 * <ul>
 * <li>spec: {@code int8gemm/v1;epilogue=residual;out=fp32}
 * <li>algorithm, target and configuration: {@code few}, {@code sm_80}, {@code bk=64,bm=16,bn=32,stages=6,wm=1,wn=2}
 * <li>grid: one block for each tile of 16 rows and 32 columns of D, columns along x
 * </ul>
 */
public final class Int8gemm_residual_fp32_few_sm_80_bk64_bm16_bn32_stages6_wm1_wn2 implements Launcher<Int8GemmArguments> {
    private static final int THREADS = 64;

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
        int gridX = Math.toIntExact(((n - 1) / 32) + 1);
        int gridY = Math.toIntExact(((m - 1) / 16) + 1);
        int sharedBytes = 55296;
        kernel.launch(stream, gridX, gridY, 1, THREADS, sharedBytes, values);
    }
}
