// GENERATED from kvappend/v1|sm_80|threads=256; do not edit
package org.mxforge.generated.launcher;

import org.mxforge.dsl.launch.KvAppendArguments;
import org.mxforge.runtime.cuda.driver.CudaKernel;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.KernelArguments;
import org.mxforge.runtime.cuda.launch.LaunchCheck;
import org.mxforge.runtime.cuda.launch.Launcher;

/**
 * Launches the kernel {@code kvappend}.
 *
 * <ul>
 * <li>spec: {@code kvappend/v1}
 * <li>target and configuration: {@code sm_80}, {@code threads=256}
 * <li>grid: one block for each row
 * </ul>
 */
public final class Kvappend_sm_80_threads256 implements Launcher<KvAppendArguments> {
    private static final int THREADS = 256;

    @Override
    public void launch(CudaKernel kernel, CudaStream stream, KvAppendArguments arguments) {
        LaunchCheck.positive("rows", arguments.rows());
        LaunchCheck.positive("kvHeads", arguments.kvHeads());
        LaunchCheck.positive("head", arguments.head());
        LaunchCheck.multiple("head", arguments.head(), 8);
        LaunchCheck.positive("tableLength", arguments.tableLength());
        LaunchCheck.address("positions", arguments.positions());
        LaunchCheck.address("sequences", arguments.sequences());
        LaunchCheck.address("pages", arguments.pages());
        LaunchCheck.address("x", arguments.x());
        LaunchCheck.address("v", arguments.v());
        LaunchCheck.address("cos", arguments.cos());
        LaunchCheck.address("sin", arguments.sin());
        LaunchCheck.address("keys", arguments.keys());
        LaunchCheck.address("values", arguments.values());
        KernelArguments values = KernelArguments.of()
                .int32(arguments.rows())
                .int32(arguments.kvHeads())
                .int32(arguments.head())
                .int32(arguments.tableLength())
                .pointer(arguments.positions())
                .pointer(arguments.sequences())
                .pointer(arguments.pages())
                .pointer(arguments.x())
                .pointer(arguments.v())
                .pointer(arguments.cos())
                .pointer(arguments.sin())
                .pointer(arguments.keys())
                .pointer(arguments.values());
        int gridX = arguments.rows();
        int gridY = 1;
        int sharedBytes = 0;
        kernel.launch(stream, gridX, gridY, 1, THREADS, sharedBytes, values);
    }
}
