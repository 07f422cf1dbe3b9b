// GENERATED from mxquantize/v2;side=activation;formats=e2m1;rule=ceil;groups=g32;prologue=none;in=bf16;tolerance=exact;rows=held|spread|sm_90a|threads=256; do not edit
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
 * Launches the kernel {@code mxquantize_activation_e2m1_ceil_g32_none_bf16_exact_held_spread}.
 *
 * <ul>
 * <li>spec: {@code mxquantize/v2;side=activation;formats=e2m1;rule=ceil;groups=g32;prologue=none;in=bf16;tolerance=exact;rows=held}
 * <li>algorithm, target and configuration: {@code spread}, {@code sm_90a}, {@code threads=256}
 * <li>grid: a block for 256 words of a row
 * </ul>
 */
public final class Mxquantize_activation_e2m1_ceil_g32_none_bf16_exact_held_spread_sm_90a_threads256 implements Launcher<MxQuantizeArguments> {
    private static final int THREADS = 256;

    @Override
    public void launch(CudaKernel kernel, CudaStream stream, MxQuantizeArguments arguments) {
        long rows = arguments.rows();
        if (rows < 1) {
            throw LaunchCheck.refusal("rows is {}: it must be more than 0", rows);
        }
        long columns = arguments.columns();
        if (columns < 1) {
            throw LaunchCheck.refusal("columns is {}: it must be more than 0", columns);
        }
        if ((columns < 0) || (columns % 32 != 0)) {
            throw LaunchCheck.refusal("columns is {}: it must be a multiple of 32", columns);
        }
        LaunchCheck.address("x", arguments.x(), 16);
        LaunchCheck.form("prologue", arguments.prologue(), PrologueOperands.None.class);
        LaunchCheck.address("order", arguments.order(), 16);
        LaunchCheck.address("rowIndex", arguments.rowIndex(), 16);
        LaunchCheck.entries("partitions", arguments.partitions(), 1);
        MxQuantizeOutput partitions0 = arguments.partitions().get(0);
        long partitions0Channels = partitions0.channels();
        if ((partitions0Channels < 0) || (partitions0Channels % 32 != 0)) {
            throw LaunchCheck.refusal("channels of partition 0 is {}: it must be a multiple of 32", partitions0Channels);
        }
        if (partitions0Channels >= 1) {
            LaunchCheck.address("codes of partition 0", partitions0.codes(), 16);
        }
        if (partitions0Channels >= 1) {
            LaunchCheck.address("scales of partition 0", partitions0.scales(), 16);
        }
        if (partitions0Channels != columns) {
            throw LaunchCheck.refusal("the partitions hold {} channels, but a row has {}", partitions0Channels, columns);
        }
        if (columns > 65536) {
            throw LaunchCheck.refusal("columns is {}: it must be at most {}", columns, 65536);
        }
        KernelArguments values = KernelArguments.of()
                .int32(arguments.rows())
                .int32(arguments.columns())
                .pointer(arguments.x())
                .pointer(arguments.order())
                .pointer(arguments.rowIndex())
                .pointer(partitions0.codes())
                .pointer(partitions0.scales())
                .int32(partitions0.channels());
        int gridX = Math.toIntExact(rows);
        int gridY = Math.toIntExact((((0 + ((((partitions0Channels - 1) / 128) + 1) * 32)) - 1) / 256) + 1);
        int sharedBytes = 0;
        kernel.launch(stream, gridX, gridY, 1, THREADS, sharedBytes, values);
    }
}
