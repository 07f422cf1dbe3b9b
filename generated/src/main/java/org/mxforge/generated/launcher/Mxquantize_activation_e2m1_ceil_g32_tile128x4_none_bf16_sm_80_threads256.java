// GENERATED from mxquantize/v1;side=activation;formats=e2m1;rule=ceil;groups=g32.tile128x4;prologue=none;in=bf16|sm_80|threads=256; do not edit
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
 * Launches the kernel {@code mxquantize_activation_e2m1_ceil_g32_tile128x4_none_bf16}.
 *
 * <ul>
 * <li>spec: {@code mxquantize/v1;side=activation;formats=e2m1;rule=ceil;groups=g32.tile128x4;prologue=none;in=bf16}
 * <li>target and configuration: {@code sm_80}, {@code threads=256}
 * <li>grid: one block for each row, rows padded to 128 as the scale tiles are
 * </ul>
 */
public final class Mxquantize_activation_e2m1_ceil_g32_tile128x4_none_bf16_sm_80_threads256 implements Launcher<MxQuantizeArguments> {
    private static final int THREADS = 256;

    @Override
    public void launch(CudaKernel kernel, CudaStream stream, MxQuantizeArguments arguments) {
        LaunchCheck.positive("rows", arguments.rows());
        LaunchCheck.positive("columns", arguments.columns());
        LaunchCheck.multiple("columns", arguments.columns(), 32);
        LaunchCheck.address("x", arguments.x());
        LaunchCheck.prologue(arguments.prologue(), PrologueOperands.None.class);
        LaunchCheck.address("order", arguments.order());
        LaunchCheck.partitions(arguments.partitions().size(), 1);
        MxQuantizeOutput part0 = arguments.partitions().get(0);
        LaunchCheck.multiple("channels of partition 0", part0.channels(), 32);
        if (part0.channels() > 0) {
            LaunchCheck.address("codes of partition 0", part0.codes());
            LaunchCheck.address("scales of partition 0", part0.scales());
        }
        LaunchCheck.channels(part0.channels(), arguments.columns());
        KernelArguments values = KernelArguments.of()
                .int32(arguments.rows())
                .int32(arguments.columns())
                .pointer(arguments.x())
                .pointer(arguments.order())
                .pointer(part0.codes())
                .pointer(part0.scales())
                .int32(part0.channels());
        int gridX = (1 + (arguments.rows() - 1) / 128) * 128;
        int gridY = 1;
        int sharedBytes = Math.min(arguments.columns(), 82944) * 2;
        kernel.launch(stream, gridX, gridY, 1, THREADS, sharedBytes, values);
    }
}
