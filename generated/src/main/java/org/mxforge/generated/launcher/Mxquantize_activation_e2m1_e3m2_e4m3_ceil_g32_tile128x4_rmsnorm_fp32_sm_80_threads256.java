// GENERATED from mxquantize/v1;side=activation;formats=e2m1+e3m2+e4m3;rule=ceil;groups=g32.tile128x4;prologue=rmsnorm;in=fp32|sm_80|threads=256; do not edit
package org.mxforge.generated.launcher;

import org.mxforge.dsl.launch.MxQuantizeArguments;
import org.mxforge.dsl.launch.MxQuantizeOutput;
import org.mxforge.dsl.launch.PrologueOperands;
import org.mxforge.runtime.cuda.driver.CudaKernel;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.KernelArguments;
import org.mxforge.runtime.cuda.launch.LaunchCheck;
import org.mxforge.runtime.cuda.launch.Launcher;

/**
 * Launches the kernel {@code mxquantize_activation_e2m1_e3m2_e4m3_ceil_g32_tile128x4_rmsnorm_fp32}.
 *
 * <ul>
 * <li>spec: {@code mxquantize/v1;side=activation;formats=e2m1+e3m2+e4m3;rule=ceil;groups=g32.tile128x4;prologue=rmsnorm;in=fp32}
 * <li>target and configuration: {@code sm_80}, {@code threads=256}
 * <li>grid: one block for each row, rows padded to 128 as the scale tiles are
 * </ul>
 */
public final class Mxquantize_activation_e2m1_e3m2_e4m3_ceil_g32_tile128x4_rmsnorm_fp32_sm_80_threads256 implements Launcher<MxQuantizeArguments> {
    private static final int THREADS = 256;

    @Override
    public void launch(CudaKernel kernel, CudaStream stream, MxQuantizeArguments arguments) {
        LaunchCheck.positive("rows", arguments.rows());
        LaunchCheck.positive("columns", arguments.columns());
        LaunchCheck.multiple("columns", arguments.columns(), 32);
        LaunchCheck.address("x", arguments.x());
        PrologueOperands.RmsNorm norm = LaunchCheck.prologue(arguments.prologue(), PrologueOperands.RmsNorm.class);
        LaunchCheck.address("the norm's weight", norm.weight());
        LaunchCheck.range("epsilon", norm.epsilon(), 0, Float.MAX_VALUE);
        LaunchCheck.address("order", arguments.order());
        LaunchCheck.partitions(arguments.partitions().size(), 3);
        MxQuantizeOutput part0 = arguments.partitions().get(0);
        LaunchCheck.multiple("channels of partition 0", part0.channels(), 32);
        if (part0.channels() > 0) {
            LaunchCheck.address("codes of partition 0", part0.codes());
            LaunchCheck.address("scales of partition 0", part0.scales());
        }
        MxQuantizeOutput part1 = arguments.partitions().get(1);
        LaunchCheck.multiple("channels of partition 1", part1.channels(), 32);
        if (part1.channels() > 0) {
            LaunchCheck.address("codes of partition 1", part1.codes());
            LaunchCheck.address("scales of partition 1", part1.scales());
        }
        MxQuantizeOutput part2 = arguments.partitions().get(2);
        LaunchCheck.multiple("channels of partition 2", part2.channels(), 32);
        if (part2.channels() > 0) {
            LaunchCheck.address("codes of partition 2", part2.codes());
            LaunchCheck.address("scales of partition 2", part2.scales());
        }
        LaunchCheck.channels((long) part0.channels() + part1.channels() + part2.channels(), arguments.columns());
        KernelArguments values = KernelArguments.of()
                .int32(arguments.rows())
                .int32(arguments.columns())
                .pointer(arguments.x())
                .pointer(norm.weight())
                .float32(norm.epsilon())
                .pointer(arguments.order())
                .pointer(part0.codes())
                .pointer(part0.scales())
                .int32(part0.channels())
                .pointer(part1.codes())
                .pointer(part1.scales())
                .int32(part1.channels())
                .pointer(part2.codes())
                .pointer(part2.scales())
                .int32(part2.channels());
        int gridX = (1 + (arguments.rows() - 1) / 128) * 128;
        int gridY = 1;
        int sharedBytes = Math.min(arguments.columns(), 41472) * 4;
        kernel.launch(stream, gridX, gridY, 1, THREADS, sharedBytes, values);
    }
}
