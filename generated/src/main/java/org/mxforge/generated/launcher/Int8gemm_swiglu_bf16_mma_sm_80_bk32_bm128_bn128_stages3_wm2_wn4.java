// GENERATED from int8gemm/v1;epilogue=swiglu;out=bf16|mma|sm_80|bk=32,bm=128,bn=128,stages=3,wm=2,wn=4; do not edit
package org.mxforge.generated.launcher;

import org.mxforge.dsl.launch.Int8GemmArguments;
import org.mxforge.runtime.cuda.driver.CudaKernel;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.KernelArguments;
import org.mxforge.runtime.cuda.launch.LaunchCheck;
import org.mxforge.runtime.cuda.launch.Launcher;

/**
 * Launches the kernel {@code int8gemm_swiglu_bf16_mma}.
 *
 * <ul>
 * <li>spec: {@code int8gemm/v1;epilogue=swiglu;out=bf16}
 * <li>algorithm, target and configuration: {@code mma}, {@code sm_80}, {@code bk=32,bm=128,bn=128,stages=3,wm=2,wn=4}
 * <li>grid: one block for each tile of 128 rows and 128 columns of D, columns along x
 * </ul>
 */
public final class Int8gemm_swiglu_bf16_mma_sm_80_bk32_bm128_bn128_stages3_wm2_wn4 implements Launcher<Int8GemmArguments> {
    private static final int THREADS = 256;

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
        if ((n < 0) || (n % 16 != 0)) {
            throw LaunchCheck.refusal("n is {}: it must be a multiple of 16", n);
        }
        LaunchCheck.address("d", arguments.d(), 16);
        KernelArguments values = KernelArguments.of()
                .int32(arguments.m())
                .int32(arguments.n())
                .int32(arguments.k())
                .pointer(arguments.a())
                .pointer(arguments.b())
                .pointer(arguments.rowScales())
                .pointer(arguments.columnScales())
                .pointer(arguments.d());
        int gridX = Math.toIntExact(((n - 1) / 128) + 1);
        int gridY = Math.toIntExact(((m - 1) / 128) + 1);
        int sharedBytes = 49152;
        kernel.launch(stream, gridX, gridY, 1, THREADS, sharedBytes, values);
    }
}
