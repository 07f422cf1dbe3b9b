package org.mxforge.runtime.tune.device;

import java.nio.ByteBuffer;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.AttentionArguments;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.DeviceArena;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;
import org.mxforge.runtime.cuda.launch.ReadyKernel;
import org.mxforge.runtime.oracle.ReferenceAttention;

/** One attention set up on a GPU, on which variants of its kernel can be run, checked and timed. */
final class DeviceAttention implements AutoCloseable {
    private final int elements;
    private final OperandCopies<AttentionSet> sets;

    /**
     * @param copies caches that are wanted, as far as there is room
     * @throws org.mxforge.runtime.base.MxForgeException if GPU memory does not suffice
     */
    DeviceAttention(CudaContext gpu, AttentionProblem problem, int copies) {
        ReferenceAttention math = problem.math();
        this.elements = Math.multiplyExact(problem.rows(), math.heads() * math.head());
        this.sets = new OperandCopies<>(gpu, copies, (memory, stream) -> {
            long positions = memory.upload("positions", problem.positions()).address();
            long owners = memory.upload("sequences of rows", problem.owners()).address();
            long tables = memory.upload("page tables", problem.tables()).address();
            DeviceBuffer drawn = memory.upload("queries", problem.queries());
            long queries = repeated(memory, stream, "queries", drawn, outputBytes());
            GuardedOutput out = GuardedOutput.allocate(memory, "attention's result", outputBytes());
            long cached = problem.cachedBytes();
            return number -> new AttentionSet(
                    new AttentionArguments(
                            problem.rows(),
                            math.heads(),
                            math.kvHeads(),
                            math.window(),
                            problem.tableLength(),
                            positions,
                            owners,
                            tables,
                            queries,
                            repeated(memory, stream, "keys", memory.upload("keys", problem.keys()), cached),
                            repeated(memory, stream, "values", memory.upload("values", problem.values()), cached),
                            out.address()),
                    out);
        });
    }

    private long outputBytes() {
        return (long) ScalarType.BF16.bytes() * elements;
    }

    /** So many bytes, those of {@code once} again and again. */
    private static long repeated(DeviceArena memory, CudaStream stream, String purpose, DeviceBuffer once, long bytes) {
        if (once.bytes() == bytes) {
            return once.address();
        }
        DeviceBuffer all = memory.allocate(purpose, bytes);
        for (long at = 0; at < bytes; at += once.bytes()) {
            all.copy(stream, at, once, 0, Math.min(once.bytes(), bytes - at));
        }
        return all.address();
    }

    /**
     * The result of {@code kernel}.
     *
     * @throws org.mxforge.runtime.base.MxForgeException if it fails or writes outside its output
     */
    float[] run(ReadyKernel<Object> kernel) {
        AttentionSet set = sets.first();
        set.out().poison(sets.stream());
        set.launch(kernel, sets.stream());
        return ScalarBytes.values(ByteBuffer.wrap(set.out().written(kernel)), elements, ScalarType.BF16);
    }

    /** What variants are timed on; closed with this. */
    OperandCopies<?> sets() {
        return sets;
    }

    @Override
    public void close() {
        sets.close();
    }
}
