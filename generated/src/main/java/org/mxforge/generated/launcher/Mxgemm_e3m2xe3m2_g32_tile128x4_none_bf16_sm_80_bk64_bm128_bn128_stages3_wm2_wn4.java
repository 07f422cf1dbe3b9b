// GENERATED from mxgemm/v1;pairs=e3m2xe3m2;groups=g32.tile128x4;epilogue=none;out=bf16|sm_80|bk=64,bm=128,bn=128,stages=3,wm=2,wn=4; do not edit
package org.mxforge.generated.launcher;

import org.mxforge.dsl.launch.MxGemmArguments;
import org.mxforge.dsl.launch.MxGemmOperands;
import org.mxforge.runtime.cuda.driver.CudaKernel;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.KernelArguments;
import org.mxforge.runtime.cuda.launch.LaunchCheck;
import org.mxforge.runtime.cuda.launch.Launcher;

/**
 * Launches the kernel {@code mxgemm_e3m2xe3m2_g32_tile128x4_none_bf16}.
 *
 * <ul>
 * <li>spec: {@code mxgemm/v1;pairs=e3m2xe3m2;groups=g32.tile128x4;epilogue=none;out=bf16}
 * <li>target and configuration: {@code sm_80}, {@code bk=64,bm=128,bn=128,stages=3,wm=2,wn=4}
 * <li>grid: one block for each tile of 128 rows and 128 columns of D, columns along x
 * </ul>
 */
public final class Mxgemm_e3m2xe3m2_g32_tile128x4_none_bf16_sm_80_bk64_bm128_bn128_stages3_wm2_wn4 implements Launcher<MxGemmArguments> {
    private static final int THREADS = 256;

    @Override
    public void launch(CudaKernel kernel, CudaStream stream, MxGemmArguments arguments) {
        LaunchCheck.positive("m", arguments.m());
        LaunchCheck.positive("n", arguments.n());
        LaunchCheck.partitions(arguments.partitions().size(), 1);
        MxGemmOperands part0 = arguments.partitions().get(0);
        LaunchCheck.multiple("channels of partition 0", part0.channels(), 32);
        if (part0.channels() > 0) {
            LaunchCheck.address("activationCodes of partition 0", part0.activationCodes());
            LaunchCheck.address("activationScales of partition 0", part0.activationScales());
            LaunchCheck.address("weightCodes of partition 0", part0.weightCodes());
            LaunchCheck.address("weightScales of partition 0", part0.weightScales());
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
                .pointer(arguments.d());
        int gridX = 1 + (arguments.n() - 1) / 128;
        int gridY = 1 + (arguments.m() - 1) / 128;
        int sharedBytes = 46080;
        kernel.launch(stream, gridX, gridY, 1, THREADS, sharedBytes, values);
    }
}
