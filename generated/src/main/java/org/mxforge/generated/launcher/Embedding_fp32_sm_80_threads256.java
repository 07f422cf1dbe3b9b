// GENERATED from embedding/v1;out=fp32|sm_80|threads=256; do not edit
package org.mxforge.generated.launcher;

import org.mxforge.dsl.launch.EmbeddingArguments;
import org.mxforge.runtime.cuda.driver.CudaKernel;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.KernelArguments;
import org.mxforge.runtime.cuda.launch.LaunchCheck;
import org.mxforge.runtime.cuda.launch.Launcher;

/**
 * Launches the kernel {@code embedding_fp32}.
 *
 * <ul>
 * <li>spec: {@code embedding/v1;out=fp32}
 * <li>target and configuration: {@code sm_80}, {@code threads=256}
 * <li>grid: one block for each row
 * </ul>
 */
public final class Embedding_fp32_sm_80_threads256 implements Launcher<EmbeddingArguments> {
    private static final int THREADS = 256;

    @Override
    public void launch(CudaKernel kernel, CudaStream stream, EmbeddingArguments arguments) {
        LaunchCheck.positive("rows", arguments.rows());
        LaunchCheck.positive("columns", arguments.columns());
        LaunchCheck.multiple("columns", arguments.columns(), 8);
        LaunchCheck.address("ids", arguments.ids());
        LaunchCheck.address("table", arguments.table());
        LaunchCheck.address("y", arguments.y());
        KernelArguments values = KernelArguments.of()
                .int32(arguments.rows())
                .int32(arguments.columns())
                .pointer(arguments.ids())
                .pointer(arguments.table())
                .pointer(arguments.y());
        int gridX = arguments.rows();
        int gridY = 1;
        int sharedBytes = 0;
        kernel.launch(stream, gridX, gridY, 1, THREADS, sharedBytes, values);
    }
}
