// GENERATED from fp64gemm/v1;a=plain;sum=subtract|mma|sm_80|bk=16,bm=64,bn=64,stages=3,wm=2,wn=2; do not edit
package org.mxforge.generated.launcher;

import org.mxforge.dsl.launch.Fp64GemmArguments;
import org.mxforge.runtime.cuda.driver.CudaKernel;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.KernelArguments;
import org.mxforge.runtime.cuda.launch.LaunchCheck;
import org.mxforge.runtime.cuda.launch.Launcher;

/**
 * Launches the kernel {@code fp64gemm_plain_subtract_mma}.
 *
 * <ul>
 * <li>spec: {@code fp64gemm/v1;a=plain;sum=subtract}
 * <li>algorithm, target and configuration: {@code mma}, {@code sm_80}, {@code bk=16,bm=64,bn=64,stages=3,wm=2,wn=2}
 * <li>grid: one block for each tile of 64 rows and 64 columns of D, columns along x
 * </ul>
 */
public final class Fp64gemm_plain_subtract_mma_sm_80_bk16_bm64_bn64_stages3_wm2_wn2 implements Launcher<Fp64GemmArguments> {
    private static final int THREADS = 128;

    @Override
    public void launch(CudaKernel kernel, CudaStream stream, Fp64GemmArguments arguments) {
        long m = arguments.m();
        if (m < 1) {
            throw LaunchCheck.refusal("m is {}: it must be more than 0", m);
        }
        if ((m < 0) || (m % 1 != 0)) {
            throw LaunchCheck.refusal("m is {}: it must be a multiple of 1", m);
        }
        long n = arguments.n();
        if (n < 1) {
            throw LaunchCheck.refusal("n is {}: it must be more than 0", n);
        }
        if ((n < 0) || (n % 2 != 0)) {
            throw LaunchCheck.refusal("n is {}: it must be a multiple of 2", n);
        }
        long k = arguments.k();
        if (k < 1) {
            throw LaunchCheck.refusal("k is {}: it must be more than 0", k);
        }
        if ((k < 0) || (k % 2 != 0)) {
            throw LaunchCheck.refusal("k is {}: it must be a multiple of 2", k);
        }
        LaunchCheck.address("a", arguments.a(), 16);
        long aStride = arguments.aStride();
        if (aStride < 1) {
            throw LaunchCheck.refusal("aStride is {}: it must be more than 0", aStride);
        }
        if ((aStride < 0) || (aStride % 2 != 0)) {
            throw LaunchCheck.refusal("aStride is {}: it must be a multiple of 2", aStride);
        }
        LaunchCheck.address("b", arguments.b(), 16);
        long bStride = arguments.bStride();
        if (bStride < 1) {
            throw LaunchCheck.refusal("bStride is {}: it must be more than 0", bStride);
        }
        if ((bStride < 0) || (bStride % 2 != 0)) {
            throw LaunchCheck.refusal("bStride is {}: it must be a multiple of 2", bStride);
        }
        LaunchCheck.address("d", arguments.d(), 16);
        long dStride = arguments.dStride();
        if (dStride < 1) {
            throw LaunchCheck.refusal("dStride is {}: it must be more than 0", dStride);
        }
        if ((dStride < 0) || (dStride % 2 != 0)) {
            throw LaunchCheck.refusal("dStride is {}: it must be a multiple of 2", dStride);
        }
        long lower = arguments.lower();
        if (lower < 0) {
            throw LaunchCheck.refusal("lower is {}: it must not be negative", lower);
        }
        long upperA = arguments.upperA();
        if (upperA < 0) {
            throw LaunchCheck.refusal("upperA is {}: it must not be negative", upperA);
        }
        long upperB = arguments.upperB();
        if (upperB < 0) {
            throw LaunchCheck.refusal("upperB is {}: it must not be negative", upperB);
        }
        KernelArguments values = KernelArguments.of()
                .int32(arguments.m())
                .int32(arguments.n())
                .int32(arguments.k())
                .pointer(arguments.a())
                .int32(arguments.aStride())
                .pointer(arguments.b())
                .int32(arguments.bStride())
                .pointer(arguments.d())
                .int32(arguments.dStride())
                .int32(arguments.lower())
                .int32(arguments.upperA())
                .int32(arguments.upperB());
        int gridX = Math.toIntExact(((n - 1) / 64) + 1);
        int gridY = Math.toIntExact(((m - 1) / 64) + 1);
        int sharedBytes = 56832;
        kernel.launch(stream, gridX, gridY, 1, THREADS, sharedBytes, values);
    }
}
