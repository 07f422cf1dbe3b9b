// GENERATED from mxgemm/v2;pairs=e2m1xe2m1+e3m2xe3m2+e4m3xe4m3;groups=g32;epilogue=silumul;out=bf16;tolerance=exact|mma_scaled|sm_120a|bk=64,bm=128,bn=128,stages=3,wm=2,wn=4; do not edit
package org.mxforge.generated.launcher;

import org.mxforge.dsl.launch.MxGemmArguments;
import org.mxforge.dsl.launch.MxGemmOperands;
import org.mxforge.runtime.cuda.driver.CudaKernel;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.KernelArguments;
import org.mxforge.runtime.cuda.launch.LaunchCheck;
import org.mxforge.runtime.cuda.launch.Launcher;

/**
 * Launches the kernel {@code mxgemm_e2m1xe2m1_e3m2xe3m2_e4m3xe4m3_g32_silumul_bf16_exact_mma_scaled}.
 *
 * <ul>
 * <li>spec: {@code mxgemm/v2;pairs=e2m1xe2m1+e3m2xe3m2+e4m3xe4m3;groups=g32;epilogue=silumul;out=bf16;tolerance=exact}
 * <li>algorithm, target and configuration: {@code mma_scaled}, {@code sm_120a}, {@code bk=64,bm=128,bn=128,stages=3,wm=2,wn=4}
 * <li>grid: one block for each tile of 128 rows and 128 columns of D, columns along x
 * </ul>
 */
public final class Mxgemm_e2m1xe2m1_e3m2xe3m2_e4m3xe4m3_g32_silumul_bf16_exact_mma_scaled_sm_120a_bk64_bm128_bn128_stages3_wm2_wn4 implements Launcher<MxGemmArguments> {
    private static final int THREADS = 256;

    @Override
    public void launch(CudaKernel kernel, CudaStream stream, MxGemmArguments arguments) {
        long m = arguments.m();
        if (m < 1) {
            throw LaunchCheck.refusal("m is {}: it must be more than 0", m);
        }
        long n = arguments.n();
        if (n < 1) {
            throw LaunchCheck.refusal("n is {}: it must be more than 0", n);
        }
        LaunchCheck.entries("partitions", arguments.partitions(), 3);
        MxGemmOperands partitions0 = arguments.partitions().get(0);
        long partitions0Channels = partitions0.channels();
        if ((partitions0Channels < 0) || (partitions0Channels % 32 != 0)) {
            throw LaunchCheck.refusal("channels of partition 0 is {}: it must be a multiple of 32", partitions0Channels);
        }
        if (partitions0Channels >= 1) {
            LaunchCheck.address("activationCodes of partition 0", partitions0.activationCodes(), 16);
        }
        if (partitions0Channels >= 1) {
            LaunchCheck.address("activationScales of partition 0", partitions0.activationScales(), 16);
        }
        if (partitions0Channels >= 1) {
            LaunchCheck.address("weightCodes of partition 0", partitions0.weightCodes(), 16);
        }
        if (partitions0Channels >= 1) {
            LaunchCheck.address("weightScales of partition 0", partitions0.weightScales(), 16);
        }
        MxGemmOperands partitions1 = arguments.partitions().get(1);
        long partitions1Channels = partitions1.channels();
        if ((partitions1Channels < 0) || (partitions1Channels % 32 != 0)) {
            throw LaunchCheck.refusal("channels of partition 1 is {}: it must be a multiple of 32", partitions1Channels);
        }
        if (partitions1Channels >= 1) {
            LaunchCheck.address("activationCodes of partition 1", partitions1.activationCodes(), 16);
        }
        if (partitions1Channels >= 1) {
            LaunchCheck.address("activationScales of partition 1", partitions1.activationScales(), 16);
        }
        if (partitions1Channels >= 1) {
            LaunchCheck.address("weightCodes of partition 1", partitions1.weightCodes(), 16);
        }
        if (partitions1Channels >= 1) {
            LaunchCheck.address("weightScales of partition 1", partitions1.weightScales(), 16);
        }
        MxGemmOperands partitions2 = arguments.partitions().get(2);
        long partitions2Channels = partitions2.channels();
        if ((partitions2Channels < 0) || (partitions2Channels % 32 != 0)) {
            throw LaunchCheck.refusal("channels of partition 2 is {}: it must be a multiple of 32", partitions2Channels);
        }
        if (partitions2Channels >= 1) {
            LaunchCheck.address("activationCodes of partition 2", partitions2.activationCodes(), 16);
        }
        if (partitions2Channels >= 1) {
            LaunchCheck.address("activationScales of partition 2", partitions2.activationScales(), 16);
        }
        if (partitions2Channels >= 1) {
            LaunchCheck.address("weightCodes of partition 2", partitions2.weightCodes(), 16);
        }
        if (partitions2Channels >= 1) {
            LaunchCheck.address("weightScales of partition 2", partitions2.weightScales(), 16);
        }
        LaunchCheck.address("epilogueOperand", arguments.epilogueOperand(), 16);
        LaunchCheck.address("d", arguments.d(), 16);
        KernelArguments values = KernelArguments.of()
                .int32(arguments.m())
                .int32(arguments.n())
                .pointer(partitions0.activationCodes())
                .pointer(partitions0.activationScales())
                .pointer(partitions0.weightCodes())
                .pointer(partitions0.weightScales())
                .int32(partitions0.channels())
                .pointer(partitions1.activationCodes())
                .pointer(partitions1.activationScales())
                .pointer(partitions1.weightCodes())
                .pointer(partitions1.weightScales())
                .int32(partitions1.channels())
                .pointer(partitions2.activationCodes())
                .pointer(partitions2.activationScales())
                .pointer(partitions2.weightCodes())
                .pointer(partitions2.weightScales())
                .int32(partitions2.channels())
                .pointer(arguments.epilogueOperand())
                .pointer(arguments.d());
        int gridX = Math.toIntExact(((n - 1) / 128) + 1);
        int gridY = Math.toIntExact(((m - 1) / 128) + 1);
        int sharedBytes = 76800;
        kernel.launch(stream, gridX, gridY, 1, THREADS, sharedBytes, values);
    }
}
