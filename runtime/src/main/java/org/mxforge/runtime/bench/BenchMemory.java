package org.mxforge.runtime.bench;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.mxforge.dsl.layout.ContainerTile;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.ScaleLayout;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.DeviceArena;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;
import org.mxforge.runtime.pack.PackedOperand;

/**
 * GPU memory of one benchmark: as many sets of operands as it takes for the L2 cache to have forgotten the first when the last was
 * read. Sets lie at addresses of their own, which is all that caches look at; their values may be the same.
 */
final class BenchMemory implements AutoCloseable {
    /** Together the sets are several times as large as the second-level cache of any GPU so far. */
    private static final double TOGETHER = 300e6;

    private static final int FEWEST = 3;
    private static final int MOST = 256;

    /** As BF16, FP16 and FP32 it is a NaN: what was not written shows. */
    private static final byte POISON = (byte) 0xff;

    private final DeviceArena memory;
    private final CudaStream stream;

    BenchMemory(CudaContext gpu) {
        this.memory = new DeviceArena(gpu);
        this.stream = gpu.stream();
    }

    /** How many sets it takes, where one run reads {@code bytes}. */
    static int count(double bytes) {
        return (int) Math.max(FEWEST, Math.min(MOST, 1 + TOGETHER / bytes));
    }

    /**
     * {@code count} operands, laid out as kernels of {@code layout} read them. Where {@code matrix} repeats a block of rows, each
     * begins with another tile of it.
     */
    List<PackedOperand> packed(RepeatedRows matrix, GroupLayout layout, Side side, int count) {
        PackedOperand block = PackedOperand.upload(matrix.block(), layout, side, memory::upload);
        List<PackedOperand> all = new ArrayList<>();
        for (int set = 0; set < count; set++) {
            all.add(repeated(block, matrix, set));
        }
        return all;
    }

    private PackedOperand repeated(PackedOperand block, RepeatedRows matrix, int set) {
        // Partitions of a folded operand share the factors of its rows.
        Map<DeviceBuffer, DeviceBuffer> repeats = new HashMap<>();
        return new PackedOperand(
                matrix.rows(),
                block.parts().stream()
                        .map(part -> new PackedOperand.Part(
                                repeats.computeIfAbsent(part.codes(), codes -> repeated(codes, matrix.times(), set)),
                                repeats.computeIfAbsent(part.scales(), scales -> repeated(scales, matrix.times(), set)),
                                part.channels()))
                        .toList());
    }

    /** In every layout a row of tiles follows the other, so that bytes of a block can be repeated and turned by whole tiles. */
    private DeviceBuffer repeated(DeviceBuffer block, int times, int set) {
        long bytes = block.bytes();
        int tiles = RepeatedRows.BLOCK / ContainerTile.ROWS;
        long turn = times == 1 ? 0 : set % tiles * (bytes / tiles);
        DeviceBuffer all = memory.allocate("an operand set of a benchmark", times * bytes);
        for (int i = 0; i < times; i++) {
            all.copy(stream, i * bytes, block, turn, bytes - turn);
            if (turn > 0) {
                all.copy(stream, (i + 1) * bytes - turn, block, 0, turn);
            }
        }
        return all;
    }

    /** {@code count} copies of {@code values}. */
    List<DeviceBuffer> values(short[] values, int count) {
        DeviceBuffer first = memory.upload("a benchmark's input", values);
        List<DeviceBuffer> all = new ArrayList<>(List.of(first));
        while (all.size() < count) {
            all.add(repeated(first, 1, 0));
        }
        return all;
    }

    /** One buffer with {@code values}. */
    DeviceBuffer once(int[] values) {
        DeviceBuffer buffer = memory.allocate("a benchmark's index", (long) Integer.BYTES * values.length);
        buffer.upload(values);
        return buffer;
    }

    /** The factors of {@code rows} rows that need none, and of their padding. */
    DeviceBuffer ones(int rows) {
        byte[] values = new byte[Math.toIntExact(ScaleLayout.EXPANDED.bytes(rows, 1))];
        FloatBuffer floats =
                ByteBuffer.wrap(values).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        while (floats.hasRemaining()) {
            floats.put(1);
        }
        return memory.upload("the factors of " + rows + " rows", values);
    }

    /** Memory for results, filled with NaN. */
    DeviceBuffer poisoned(long bytes) {
        DeviceBuffer buffer = memory.allocate("a benchmark's output", bytes);
        buffer.fill(stream, POISON);
        return buffer;
    }

    @Override
    public void close() {
        memory.close();
        stream.close();
    }
}
