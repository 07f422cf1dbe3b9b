// GENERATED from attention/v1;head=128|sm_80|threads=256; do not edit
package org.mxforge.generated.launcher;

import org.mxforge.dsl.launch.AttentionArguments;
import org.mxforge.runtime.cuda.driver.CudaKernel;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.KernelArguments;
import org.mxforge.runtime.cuda.launch.LaunchCheck;
import org.mxforge.runtime.cuda.launch.Launcher;

/**
 * Launches the kernel {@code attention_128}.
 *
 * <ul>
 * <li>spec: {@code attention/v1;head=128}
 * <li>target and configuration: {@code sm_80}, {@code threads=256}
 * <li>grid: one block for each query row and head, heads along y
 * </ul>
 */
public final class Attention_128_sm_80_threads256 implements Launcher<AttentionArguments> {
    private static final int THREADS = 256;

    @Override
    public void launch(CudaKernel kernel, CudaStream stream, AttentionArguments arguments) {
        LaunchCheck.positive("rows", arguments.rows());
        LaunchCheck.positive("heads", arguments.heads());
        LaunchCheck.positive("kvHeads", arguments.kvHeads());
        LaunchCheck.positive("tableLength", arguments.tableLength());
        LaunchCheck.multiple("heads", arguments.heads(), arguments.kvHeads());
        LaunchCheck.address("positions", arguments.positions());
        LaunchCheck.address("sequences", arguments.sequences());
        LaunchCheck.address("pages", arguments.pages());
        LaunchCheck.address("q", arguments.q());
        LaunchCheck.address("k", arguments.k());
        LaunchCheck.address("v", arguments.v());
        LaunchCheck.address("out", arguments.out());
        KernelArguments values = KernelArguments.of()
                .int32(arguments.rows())
                .int32(arguments.heads())
                .int32(arguments.kvHeads())
                .int32(arguments.tableLength())
                .pointer(arguments.positions())
                .pointer(arguments.sequences())
                .pointer(arguments.pages())
                .pointer(arguments.q())
                .pointer(arguments.k())
                .pointer(arguments.v())
                .pointer(arguments.out());
        int gridX = arguments.rows();
        int gridY = arguments.heads();
        int sharedBytes = 0;
        kernel.launch(stream, gridX, gridY, 1, THREADS, sharedBytes, values);
    }
}
