// GENERATED from mxgemm/v1;pairs=e2m1xe2m1+e3m2xe3m2+e4m3xe4m3;groups=g32.expanded;epilogue=none;out=bf16|sm_90a|bm=256,bn=128,promote=0,split=1,warps=12; do not edit
package org.mxforge.generated.launcher;

import org.mxforge.dsl.launch.MxGemmArguments;
import org.mxforge.dsl.launch.MxGemmOperands;
import org.mxforge.runtime.cuda.driver.CudaKernel;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.KernelArguments;
import org.mxforge.runtime.cuda.launch.LaunchCheck;
import org.mxforge.runtime.cuda.launch.Launcher;

/**
 * Launches the kernel {@code mxgemm_e2m1xe2m1_e3m2xe3m2_e4m3xe4m3_g32_expanded_none_bf16}.
 *
 * <ul>
 * <li>spec: {@code mxgemm/v1;pairs=e2m1xe2m1+e3m2xe3m2+e4m3xe4m3;groups=g32.expanded;epilogue=none;out=bf16}
 * <li>target and configuration: {@code sm_90a}, {@code bm=256,bn=128,promote=0,split=1,warps=12}
 * <li>grid: at most 132 blocks, one for each tile of 256 rows and 128 columns of D in turn
 * </ul>
 */
public final class Mxgemm_e2m1xe2m1_e3m2xe3m2_e4m3xe4m3_g32_expanded_none_bf16_sm_90a_bm256_bn128_promote0_split1_warps12 implements Launcher<MxGemmArguments> {
    private static final int THREADS = 384;

    @Override
    public void launch(CudaKernel kernel, CudaStream stream, MxGemmArguments arguments) {
        LaunchCheck.positive("m", arguments.m());
        LaunchCheck.positive("n", arguments.n());
        LaunchCheck.partitions(arguments.partitions().size(), 3);
        MxGemmOperands part0 = arguments.partitions().get(0);
        LaunchCheck.multiple("channels of partition 0", part0.channels(), 32);
        if (part0.channels() > 0) {
            LaunchCheck.address("activationCodes of partition 0", part0.activationCodes());
            LaunchCheck.address("activationScales of partition 0", part0.activationScales());
            LaunchCheck.address("weightCodes of partition 0", part0.weightCodes());
            LaunchCheck.address("weightScales of partition 0", part0.weightScales());
        }
        MxGemmOperands part1 = arguments.partitions().get(1);
        LaunchCheck.multiple("channels of partition 1", part1.channels(), 32);
        if (part1.channels() > 0) {
            LaunchCheck.address("activationCodes of partition 1", part1.activationCodes());
            LaunchCheck.address("activationScales of partition 1", part1.activationScales());
            LaunchCheck.address("weightCodes of partition 1", part1.weightCodes());
            LaunchCheck.address("weightScales of partition 1", part1.weightScales());
        }
        MxGemmOperands part2 = arguments.partitions().get(2);
        LaunchCheck.multiple("channels of partition 2", part2.channels(), 32);
        if (part2.channels() > 0) {
            LaunchCheck.address("activationCodes of partition 2", part2.activationCodes());
            LaunchCheck.address("activationScales of partition 2", part2.activationScales());
            LaunchCheck.address("weightCodes of partition 2", part2.weightCodes());
            LaunchCheck.address("weightScales of partition 2", part2.weightScales());
        }
        LaunchCheck.address("d", arguments.d());
        KernelArguments values = KernelArguments.of()
                .int32(arguments.m())
                .int32(arguments.n())
                .pointer(part0.activationCodes())
                .pointer(part0.activationScales())
                .pointer(part0.weightCodes())
                .pointer(part0.weightScales())
                .int32(part0.channels())
                .pointer(part1.activationCodes())
                .pointer(part1.activationScales())
                .pointer(part1.weightCodes())
                .pointer(part1.weightScales())
                .int32(part1.channels())
                .pointer(part2.activationCodes())
                .pointer(part2.activationScales())
                .pointer(part2.weightCodes())
                .pointer(part2.weightScales())
                .int32(part2.channels())
                .pointer(arguments.d());
        int gridX = (int) Math.min(132, (1 + (arguments.n() - 1L) / 128) * (1 + (arguments.m() - 1L) / 256));
        int gridY = 1;
        int sharedBytes = 214144;
        kernel.launch(stream, gridX, gridY, 1, THREADS, sharedBytes, values);
    }
}
