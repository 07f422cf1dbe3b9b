// GENERATED from mxgemm/v2;pairs=e2m1xe2m1;groups=g32;epilogue=residual;out=bf16;tolerance=exact|ring_fragments|sm_90a|bm=64,parts=2,stages=8,teams=2,ways=1; do not edit
package org.mxforge.generated.launcher;

import org.mxforge.dsl.launch.DeviceFact;
import org.mxforge.dsl.launch.MxGemmArguments;
import org.mxforge.dsl.launch.MxGemmOperands;
import org.mxforge.runtime.cuda.driver.CudaKernel;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.KernelArguments;
import org.mxforge.runtime.cuda.launch.LaunchCheck;
import org.mxforge.runtime.cuda.launch.Launcher;

/**
 * Launches the kernel {@code mxgemm_e2m1xe2m1_g32_residual_bf16_exact_ring_fragments}.
 *
 * <ul>
 * <li>spec: {@code mxgemm/v2;pairs=e2m1xe2m1;groups=g32;epilogue=residual;out=bf16;tolerance=exact}
 * <li>algorithm, target and configuration: {@code ring_fragments}, {@code sm_90a}, {@code bm=64,parts=2,stages=8,teams=2,ways=1}
 * <li>grid: 2 teams of each of 2 blocks share one tile of 64 rows and 64 columns of D each after another
 * </ul>
 */
public final class Mxgemm_e2m1xe2m1_g32_residual_bf16_exact_ring_fragments_sm_90a_bm64_parts2_stages8_teams2_ways1 implements Launcher<MxGemmArguments> {
    private static final int THREADS = 320;

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
        LaunchCheck.entries("partitions", arguments.partitions(), 1);
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
        LaunchCheck.address("epilogueOperand", arguments.epilogueOperand(), 16);
        LaunchCheck.address("d", arguments.d(), 16);
        if (((((0 + (((partitions0Channels - 1) / 128) + 1)) - 1) / 2) + 1) * 8192 > 129024) {
            throw LaunchCheck.refusal("the tokens take {} bytes of shared memory, and the kernel leaves them 129024: use fewer stages or more parts", ((((0 + (((partitions0Channels - 1) / 128) + 1)) - 1) / 2) + 1) * 8192);
        }
        KernelArguments values = KernelArguments.of()
                .int32(arguments.m())
                .int32(arguments.n())
                .pointer(partitions0.activationCodes())
                .pointer(partitions0.activationScales())
                .pointer(partitions0.weightCodes())
                .pointer(partitions0.weightScales())
                .int32(partitions0.channels())
                .pointer(arguments.epilogueOperand())
                .pointer(arguments.d());
        long multiprocessors = kernel.fact(DeviceFact.MULTIPROCESSORS);
        long tiles = ((n - 1) / 64) + 1;
        long each = ((tiles - 1) / Math.max(multiprocessors / 2, 1)) + 1;
        int gridX = Math.toIntExact((((tiles - 1) / each) + 1) * 2);
        int gridY = Math.toIntExact(((m - 1) / 64) + 1);
        int sharedBytes = Math.toIntExact((((((0 + (((partitions0Channels - 1) / 128) + 1)) - 1) / 2) + 1) * 8192) + 103424);
        kernel.launch(stream, gridX, gridY, 1, THREADS, sharedBytes, values);
    }
}
