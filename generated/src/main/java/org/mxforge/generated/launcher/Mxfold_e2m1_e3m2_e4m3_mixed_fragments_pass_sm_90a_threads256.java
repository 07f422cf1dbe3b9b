// GENERATED from mxfold/v1;formats=e2m1+e3m2+e4m3;to=mixed_fragments|pass|sm_90a|threads=256; do not edit
package org.mxforge.generated.launcher;

import org.mxforge.dsl.launch.MxFoldArguments;
import org.mxforge.runtime.cuda.driver.CudaKernel;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.KernelArguments;
import org.mxforge.runtime.cuda.launch.LaunchCheck;
import org.mxforge.runtime.cuda.launch.Launcher;

/**
 * Launches the kernel {@code mxfold_e2m1_e3m2_e4m3_mixed_fragments_pass}.
 *
 * <ul>
 * <li>spec: {@code mxfold/v1;formats=e2m1+e3m2+e4m3;to=mixed_fragments}
 * <li>algorithm, target and configuration: {@code pass}, {@code sm_90a}, {@code threads=256}
 * <li>grid: one warp for each row
 * </ul>
 */
public final class Mxfold_e2m1_e3m2_e4m3_mixed_fragments_pass_sm_90a_threads256 implements Launcher<MxFoldArguments> {
    private static final int THREADS = 256;

    @Override
    public void launch(CudaKernel kernel, CudaStream stream, MxFoldArguments arguments) {
        long rows = arguments.rows();
        if (rows < 1) {
            throw LaunchCheck.refusal("rows is {}: it must be more than 0", rows);
        }
        long first = arguments.first();
        if (first < 0) {
            throw LaunchCheck.refusal("first is {}: it must not be negative", first);
        }
        LaunchCheck.entries("parts", arguments.parts(), 3);
        MxFoldArguments.Part parts0 = arguments.parts().get(0);
        long parts0Channels = parts0.channels();
        if ((parts0Channels < 0) || (parts0Channels % 32 != 0)) {
            throw LaunchCheck.refusal("channels of partition 0 is {}: it must be a multiple of 32", parts0Channels);
        }
        LaunchCheck.address("parts[0].codes", parts0.codes(), 16);
        LaunchCheck.address("parts[0].scales", parts0.scales(), 16);
        LaunchCheck.address("parts[0].tiles", parts0.tiles(), 16);
        MxFoldArguments.Part parts1 = arguments.parts().get(1);
        long parts1Channels = parts1.channels();
        if ((parts1Channels < 0) || (parts1Channels % 32 != 0)) {
            throw LaunchCheck.refusal("channels of partition 1 is {}: it must be a multiple of 32", parts1Channels);
        }
        LaunchCheck.address("parts[1].codes", parts1.codes(), 16);
        LaunchCheck.address("parts[1].scales", parts1.scales(), 16);
        LaunchCheck.address("parts[1].tiles", parts1.tiles(), 16);
        MxFoldArguments.Part parts2 = arguments.parts().get(2);
        long parts2Channels = parts2.channels();
        if ((parts2Channels < 0) || (parts2Channels % 32 != 0)) {
            throw LaunchCheck.refusal("channels of partition 2 is {}: it must be a multiple of 32", parts2Channels);
        }
        LaunchCheck.address("parts[2].codes", parts2.codes(), 16);
        LaunchCheck.address("parts[2].scales", parts2.scales(), 16);
        LaunchCheck.address("parts[2].tiles", parts2.tiles(), 16);
        LaunchCheck.address("factors", arguments.factors(), 16);
        LaunchCheck.address("refused", arguments.refused(), 16);
        KernelArguments values = KernelArguments.of()
                .int32(arguments.rows())
                .int32(arguments.first())
                .pointer(parts0.codes())
                .pointer(parts0.scales())
                .pointer(parts0.tiles())
                .int32(parts0.channels())
                .pointer(parts1.codes())
                .pointer(parts1.scales())
                .pointer(parts1.tiles())
                .int32(parts1.channels())
                .pointer(parts2.codes())
                .pointer(parts2.scales())
                .pointer(parts2.tiles())
                .int32(parts2.channels())
                .pointer(arguments.factors())
                .pointer(arguments.refused());
        int gridX = Math.toIntExact(((rows - 1) / 8) + 1);
        int gridY = 1;
        int sharedBytes = 0;
        kernel.launch(stream, gridX, gridY, 1, THREADS, sharedBytes, values);
    }
}
