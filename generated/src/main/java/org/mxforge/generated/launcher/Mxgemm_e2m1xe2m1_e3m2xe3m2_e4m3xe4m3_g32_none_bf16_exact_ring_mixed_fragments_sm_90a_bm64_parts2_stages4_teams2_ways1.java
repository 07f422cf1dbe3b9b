// GENERATED from mxgemm/v2;pairs=e2m1xe2m1+e3m2xe3m2+e4m3xe4m3;groups=g32;epilogue=none;out=bf16;tolerance=exact|ring_mixed_fragments|sm_90a|bm=64,parts=2,stages=4,teams=2,ways=1; do not edit
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
 * Launches the kernel {@code mxgemm_e2m1xe2m1_e3m2xe3m2_e4m3xe4m3_g32_none_bf16_exact_ring_mixed_fragments}.
 *
 * <ul>
 * <li>spec: {@code mxgemm/v2;pairs=e2m1xe2m1+e3m2xe3m2+e4m3xe4m3;groups=g32;epilogue=none;out=bf16;tolerance=exact}
 * <li>algorithm, target and configuration: {@code ring_mixed_fragments}, {@code sm_90a}, {@code bm=64,parts=2,stages=4,teams=2,ways=1}
 * <li>grid: 2 teams of each of 2 blocks share one tile of 64 rows and 64 columns of D each after another
 * </ul>
 */
public final class Mxgemm_e2m1xe2m1_e3m2xe3m2_e4m3xe4m3_g32_none_bf16_exact_ring_mixed_fragments_sm_90a_bm64_parts2_stages4_teams2_ways1 implements Launcher<MxGemmArguments> {
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
        LaunchCheck.address("d", arguments.d(), 16);
        if (((((((0 + (((partitions0Channels - 1) / 128) + 1)) + (((partitions1Channels - 1) / 128) + 1)) + (((partitions2Channels - 1) / 64) + 1)) - 1) / 2) + 1) * 8192 > 147456) {
            throw LaunchCheck.refusal("the tokens take {} bytes of shared memory, and the kernel leaves them 147456: use fewer stages or more parts", ((((((0 + (((partitions0Channels - 1) / 128) + 1)) + (((partitions1Channels - 1) / 128) + 1)) + (((partitions2Channels - 1) / 64) + 1)) - 1) / 2) + 1) * 8192);
        }
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
                .pointer(arguments.d());
        long multiprocessors = kernel.fact(DeviceFact.MULTIPROCESSORS);
        long tiles = ((n - 1) / 64) + 1;
        long each = ((tiles - 1) / Math.max(multiprocessors / 2, 1)) + 1;
        int gridX = Math.toIntExact((((tiles - 1) / each) + 1) * 2);
        int gridY = Math.toIntExact(((m - 1) / 64) + 1);
        int sharedBytes = Math.toIntExact((((((((0 + (((partitions0Channels - 1) / 128) + 1)) + (((partitions1Channels - 1) / 128) + 1)) + (((partitions2Channels - 1) / 64) + 1)) - 1) / 2) + 1) * 8192) + 84992);
        kernel.launch(stream, gridX, gridY, 1, THREADS, sharedBytes, values);
    }
}
