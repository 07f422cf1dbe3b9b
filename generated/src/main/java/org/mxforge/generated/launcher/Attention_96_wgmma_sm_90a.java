// GENERATED from attention/v1;head=96|wgmma|sm_90a|; do not edit
package org.mxforge.generated.launcher;

import org.mxforge.dsl.launch.AttentionArguments;
import org.mxforge.dsl.launch.DeviceFact;
import org.mxforge.runtime.cuda.driver.CudaKernel;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.KernelArguments;
import org.mxforge.runtime.cuda.launch.LaunchCheck;
import org.mxforge.runtime.cuda.launch.Launcher;

/**
 * Launches the kernel {@code attention_96_wgmma}.
 *
 * <ul>
 * <li>spec: {@code attention/v1;head=96}
 * <li>algorithm, target and configuration: {@code wgmma}, {@code sm_90a}, {@code }
 * <li>grid: at most as many blocks as multiprocessors, one for each tile of 128 queries of a key/value head in turn
 * </ul>
 */
public final class Attention_96_wgmma_sm_90a implements Launcher<AttentionArguments> {
    private static final int THREADS = 384;

    @Override
    public void launch(CudaKernel kernel, CudaStream stream, AttentionArguments arguments) {
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
        long window = arguments.window();
        if (window < 1) {
            throw LaunchCheck.refusal("window is {}: it must be more than 0", window);
        }
        long tableLength = arguments.tableLength();
        if (tableLength < 1) {
            throw LaunchCheck.refusal("tableLength is {}: it must be more than 0", tableLength);
        }
        if (heads % kvHeads != 0) {
            throw LaunchCheck.refusal("heads is {}: it must be a multiple of {}", heads, kvHeads);
        }
        LaunchCheck.address("positions", arguments.positions(), 16);
        LaunchCheck.address("sequences", arguments.sequences(), 16);
        LaunchCheck.address("pages", arguments.pages(), 16);
        LaunchCheck.address("q", arguments.q(), 16);
        LaunchCheck.address("k", arguments.k(), 16);
        LaunchCheck.address("v", arguments.v(), 16);
        LaunchCheck.address("out", arguments.out(), 16);
        if (heads / kvHeads > 128) {
            throw LaunchCheck.refusal("{} heads share keys: a tile has room for those of one query of 128 at most", heads / kvHeads);
        }
        KernelArguments values = KernelArguments.of()
                .int32(arguments.rows())
                .int32(arguments.heads())
                .int32(arguments.kvHeads())
                .int32(arguments.window())
                .int32(arguments.tableLength())
                .pointer(arguments.positions())
                .pointer(arguments.sequences())
                .pointer(arguments.pages())
                .pointer(arguments.q())
                .pointer(arguments.k())
                .pointer(arguments.v())
                .pointer(arguments.out());
        long multiprocessors = kernel.fact(DeviceFact.MULTIPROCESSORS);
        int gridX = Math.toIntExact(Math.min((((rows - 1) / (128 / (heads / kvHeads))) + 1) * kvHeads, multiprocessors));
        int gridY = 1;
        int sharedBytes = 147456;
        kernel.launch(stream, gridX, gridY, 1, THREADS, sharedBytes, values);
    }
}
