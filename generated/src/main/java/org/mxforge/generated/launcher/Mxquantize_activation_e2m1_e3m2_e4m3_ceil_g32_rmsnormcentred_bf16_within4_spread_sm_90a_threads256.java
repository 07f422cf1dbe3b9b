// GENERATED from mxquantize/v2;side=activation;formats=e2m1+e3m2+e4m3;rule=ceil;groups=g32;prologue=rmsnormcentred;in=bf16;tolerance=within4|spread|sm_90a|threads=256; do not edit
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
 * Launches the kernel {@code mxquantize_activation_e2m1_e3m2_e4m3_ceil_g32_rmsnormcentred_bf16_within4_spread}.
 *
 * <ul>
 * <li>spec: {@code mxquantize/v2;side=activation;formats=e2m1+e3m2+e4m3;rule=ceil;groups=g32;prologue=rmsnormcentred;in=bf16;tolerance=within4}
 * <li>algorithm, target and configuration: {@code spread}, {@code sm_90a}, {@code threads=256}
 * <li>grid: 8 blocks for each row
 * </ul>
 */
public final class Mxquantize_activation_e2m1_e3m2_e4m3_ceil_g32_rmsnormcentred_bf16_within4_spread_sm_90a_threads256 implements Launcher<MxQuantizeArguments> {
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
        PrologueOperands.RmsNormCentred prologue = LaunchCheck.form("prologue", arguments.prologue(), PrologueOperands.RmsNormCentred.class);
        LaunchCheck.address("the norm's weight", prologue.weight(), 16);
        LaunchCheck.address("what is taken off", prologue.centre(), 16);
        LaunchCheck.range("epsilon", prologue.epsilon(), 0.0f, 3.4028235E38f);
        LaunchCheck.address("order", arguments.order(), 16);
        LaunchCheck.entries("partitions", arguments.partitions(), 3);
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
        MxQuantizeOutput partitions1 = arguments.partitions().get(1);
        long partitions1Channels = partitions1.channels();
        if ((partitions1Channels < 0) || (partitions1Channels % 32 != 0)) {
            throw LaunchCheck.refusal("channels of partition 1 is {}: it must be a multiple of 32", partitions1Channels);
        }
        if (partitions1Channels >= 1) {
            LaunchCheck.address("codes of partition 1", partitions1.codes(), 16);
        }
        if (partitions1Channels >= 1) {
            LaunchCheck.address("scales of partition 1", partitions1.scales(), 16);
        }
        MxQuantizeOutput partitions2 = arguments.partitions().get(2);
        long partitions2Channels = partitions2.channels();
        if ((partitions2Channels < 0) || (partitions2Channels % 32 != 0)) {
            throw LaunchCheck.refusal("channels of partition 2 is {}: it must be a multiple of 32", partitions2Channels);
        }
        if (partitions2Channels >= 1) {
            LaunchCheck.address("codes of partition 2", partitions2.codes(), 16);
        }
        if (partitions2Channels >= 1) {
            LaunchCheck.address("scales of partition 2", partitions2.scales(), 16);
        }
        if ((partitions0Channels + partitions1Channels) + partitions2Channels != columns) {
            throw LaunchCheck.refusal("the partitions hold {} channels, but a row has {}", (partitions0Channels + partitions1Channels) + partitions2Channels, columns);
        }
        long partitions0Scales = partitions0.scales();
        long partitions1Scales = partitions1.scales();
        if (((partitions0Channels != 0) && (partitions1Channels != 0)) && (partitions0Scales != partitions1Scales)) {
            throw LaunchCheck.refusal("partitions have their factors at {} and at {}: with folded scales all share the factors of the rows", LaunchCheck.hexadecimal(partitions0Scales), LaunchCheck.hexadecimal(partitions1Scales));
        }
        long partitions2Scales = partitions2.scales();
        if (((partitions0Channels != 0) && (partitions2Channels != 0)) && (partitions0Scales != partitions2Scales)) {
            throw LaunchCheck.refusal("partitions have their factors at {} and at {}: with folded scales all share the factors of the rows", LaunchCheck.hexadecimal(partitions0Scales), LaunchCheck.hexadecimal(partitions2Scales));
        }
        if (((partitions1Channels != 0) && (partitions2Channels != 0)) && (partitions1Scales != partitions2Scales)) {
            throw LaunchCheck.refusal("partitions have their factors at {} and at {}: with folded scales all share the factors of the rows", LaunchCheck.hexadecimal(partitions1Scales), LaunchCheck.hexadecimal(partitions2Scales));
        }
        if (columns > 65536) {
            throw LaunchCheck.refusal("columns is {}: it must be at most {}", columns, 65536);
        }
        KernelArguments values = KernelArguments.of()
                .int32(arguments.rows())
                .int32(arguments.columns())
                .pointer(arguments.x())
                .pointer(prologue.weight())
                .pointer(prologue.centre())
                .float32(prologue.epsilon())
                .pointer(arguments.order())
                .pointer(partitions0.codes())
                .pointer(partitions0.scales())
                .int32(partitions0.channels())
                .pointer(partitions1.codes())
                .pointer(partitions1.scales())
                .int32(partitions1.channels())
                .pointer(partitions2.codes())
                .pointer(partitions2.scales())
                .int32(partitions2.channels());
        long bytes = ((((((0 + ((((partitions0Channels - 1) / 128) + 1) * 32)) + ((((partitions1Channels - 1) / 128) + 1) * 32)) + ((((partitions2Channels - 1) / 128) + 1) * 32)) - 1) / 2048) + 1) * 5120;
        int gridX = Math.toIntExact(rows * 8);
        int gridY = 1;
        int sharedBytes = Math.toIntExact(bytes);
        kernel.launch(stream, gridX, gridY, 1, THREADS, sharedBytes, values);
    }
}
