package org.mxforge.runtime.exec.cpu;

import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.runtime.cpu.CpuDenseGemm;
import org.mxforge.runtime.cpu.CpuMxGemm;
import org.mxforge.runtime.cpu.CpuMxQuantize;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.PackedPartition;

/** Runs kernels over all of their tiles or rows on an executor's threads. */
public final class GemmRunner implements AutoCloseable {
    /** Below this many rows a tile spends more on decoding its weights than on multiplying them. */
    private static final int FEWEST_ROWS = 64;

    private static final int GRAIN = 8;

    private final CpuExecutor executor;

    GemmRunner(CpuExecutor executor) {
        this.executor = executor;
    }

    /** One with threads of its own. */
    public static GemmRunner on(int threads) {
        return new GemmRunner(new CpuExecutor(threads));
    }

    /** {@code operands.out = A * B^T}: an FP32 product of M rows with plain weights. */
    public void run(CpuDenseGemm kernel, CpuDenseGemm.Operands operands, int m) {
        tiles(
                kernel.tileRows(),
                kernel.tileColumns(),
                m,
                operands.columns(),
                (begin, end, column) -> kernel.tile(operands, begin, end, column));
    }

    /** {@code out = A * B^T} on packed operands; {@code epilogueOperand} as {@link CpuMxGemm.Operands} has it. */
    public void run(CpuMxGemm kernel, PackedMatrix a, PackedMatrix b, float[] epilogueOperand, float[] out) {
        int channels =
                a.partitions().stream().mapToInt(PackedPartition::channels).sum();
        float[] decoded = HostMemory.floats((long) a.rows() * channels);
        executor.ranges(a.rows(), GRAIN, (begin, end) -> kernel.decode(a, begin, end, decoded));
        CpuMxGemm.Operands operands = new CpuMxGemm.Operands(decoded, b, epilogueOperand, out);
        tiles(
                kernel.tileRows(),
                kernel.tileColumns(),
                a.rows(),
                b.rows(),
                (begin, end, column) -> kernel.tile(operands, begin, end, column));
    }

    /** Quantizes all rows of {@code operands.out}. */
    public void run(CpuMxQuantize kernel, CpuMxQuantize.Operands operands) {
        int rows = operands.out().rows();
        int grain = Math.max(1, GRAIN * GroupLayout.GROUP * GRAIN / operands.order().length);
        executor.ranges(rows, grain, (begin, end) -> kernel.quantize(operands, begin, end));
    }

    private void tiles(int mostRows, int columns, int m, int n, Tile tile) {
        int across = (n + columns - 1) / columns;
        int rows = Math.min(m, mostRows);
        // Shorter tiles decode the weights more often, but a tile for every thread is worth more.
        while (rows > FEWEST_ROWS && across * ((m + rows - 1) / rows) < 2 * executor.threads()) {
            rows = (rows + 1) / 2;
        }
        int down = (m + rows - 1) / rows;
        executor.run(across * down, task -> {
            // Even shares: a single row would be left over now and then, and a tile of one adds up in another order.
            int begin = share(m, task / across, down);
            int end = share(m, task / across + 1, down);
            tile.compute(begin, end, task % across * columns);
        });
    }

    /** Where the part of {@code m} rows with this index of {@code parts} begins. */
    private static int share(int m, int index, int parts) {
        return (int) ((long) m * index / parts);
    }

    /** Ends the threads. */
    @Override
    public void close() {
        executor.close();
    }

    @FunctionalInterface
    private interface Tile {
        void compute(int begin, int end, int column);
    }
}
