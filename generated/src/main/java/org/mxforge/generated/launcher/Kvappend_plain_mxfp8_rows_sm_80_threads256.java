// GENERATED from kvappend/v1;heads=plain;cache=mxfp8|rows|sm_80|threads=256; do not edit
package org.mxforge.generated.launcher;

import org.mxforge.dsl.launch.KvAppendArguments;
import org.mxforge.runtime.cuda.driver.CudaKernel;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.KernelArguments;
import org.mxforge.runtime.cuda.launch.LaunchCheck;
import org.mxforge.runtime.cuda.launch.Launcher;

/**
 * Launches the kernel {@code kvappend_plain_mxfp8_rows}.
 *
 * <ul>
 * <li>spec: {@code kvappend/v1;heads=plain;cache=mxfp8}
 * <li>algorithm, target and configuration: {@code rows}, {@code sm_80}, {@code threads=256}
 * <li>grid: one warp for each 2 heads of queries, keys and values
 * </ul>
 */
public final class Kvappend_plain_mxfp8_rows_sm_80_threads256 implements Launcher<KvAppendArguments> {
    private static final int THREADS = 256;

    @Override
    public void launch(CudaKernel kernel, CudaStream stream, KvAppendArguments arguments) {
        long rows = arguments.rows();
        if (rows < 1) {
            throw LaunchCheck.refusal("rows is {}: it must be more than 0", rows);
        }
        long heads = arguments.heads();
        if (heads < 1) {
            throw LaunchCheck.refusal("heads is {}: it must be more than 0", heads);
        }
        long kvHeads = arguments.kvHeads();
        if (kvHeads < 1) {
            throw LaunchCheck.refusal("kvHeads is {}: it must be more than 0", kvHeads);
        }
        long head = arguments.head();
        if (head < 1) {
            throw LaunchCheck.refusal("head is {}: it must be more than 0", head);
        }
        if ((head < 0) || (head % 32 != 0)) {
            throw LaunchCheck.refusal("head is {}: it must be a multiple of 32", head);
        }
        long tableLength = arguments.tableLength();
        if (tableLength < 1) {
            throw LaunchCheck.refusal("tableLength is {}: it must be more than 0", tableLength);
        }
        LaunchCheck.address("positions", arguments.positions(), 16);
        LaunchCheck.address("sequences", arguments.sequences(), 16);
        LaunchCheck.address("pages", arguments.pages(), 16);
        LaunchCheck.address("x", arguments.x(), 16);
        LaunchCheck.address("cos", arguments.cos(), 16);
        LaunchCheck.address("sin", arguments.sin(), 16);
        LaunchCheck.address("queries", arguments.queries(), 16);
        LaunchCheck.address("keys", arguments.keys(), 16);
        LaunchCheck.address("values", arguments.values(), 16);
        KernelArguments values = KernelArguments.of()
                .int32(arguments.rows())
                .int32(arguments.heads())
                .int32(arguments.kvHeads())
                .int32(arguments.head())
                .int32(arguments.tableLength())
                .pointer(arguments.positions())
                .pointer(arguments.sequences())
                .pointer(arguments.pages())
                .pointer(arguments.x())
                .pointer(arguments.cos())
                .pointer(arguments.sin())
                .pointer(arguments.queries())
                .pointer(arguments.keys())
                .pointer(arguments.values());
        int gridX = Math.toIntExact((((rows * (heads + (kvHeads * 2))) - 1) / 16) + 1);
        int gridY = 1;
        int sharedBytes = 0;
        kernel.launch(stream, gridX, gridY, 1, THREADS, sharedBytes, values);
    }
}
