package org.mxforge.runtime.bench;

import java.util.ArrayList;
import java.util.List;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.cuda.CudaContext;
import org.mxforge.runtime.cuda.CudaStream;
import org.mxforge.runtime.cuda.DeviceArena;
import org.mxforge.runtime.cuda.DeviceBuffer;
import org.mxforge.runtime.cuda.PackedOperand;
import org.mxforge.runtime.quant.PackedMatrix;

/** GPU memory of operand sets. All sets hold the same values at addresses of their own, which is all that caches look at. */
final class OperandSets implements AutoCloseable {
    /** Together the sets are several times as large as the second-level cache of any GPU so far. */
    private static final double TOGETHER = 300e6;

    private static final int FEWEST = 3;
    private static final int MOST = 256;

    /** As BF16, FP16 and FP32 it is a NaN: what was not written shows. */
    private static final byte POISON = (byte) 0xff;

    private final DeviceArena memory;
    private final CudaStream stream;

    OperandSets(CudaContext gpu) {
        this.memory = new DeviceArena(gpu);
        this.stream = gpu.stream();
    }

    /** How many sets it takes, where one run reads {@code bytes}. */
    static int count(double bytes) {
        return (int) Math.max(FEWEST, Math.min(MOST, 1 + TOGETHER / bytes));
    }

    /** {@code count} copies of {@code matrix}, laid out as kernels of {@code layout} read it. */
    List<PackedOperand> packed(PackedMatrix matrix, GroupLayout layout, Side side, int count) {
        PackedOperand first = PackedOperand.upload(matrix, layout, side, memory::upload);
        List<PackedOperand> all = new ArrayList<>(List.of(first));
        while (all.size() < count) {
            all.add(new PackedOperand(
                    first.rows(),
                    first.parts().stream()
                            .map(part ->
                                    new PackedOperand.Part(copy(part.codes()), copy(part.scales()), part.channels()))
                            .toList()));
        }
        return all;
    }

    /** {@code count} copies of {@code values}. */
    List<DeviceBuffer> values(short[] values, int count) {
        DeviceBuffer first = memory.upload("a benchmark's input", values);
        List<DeviceBuffer> all = new ArrayList<>(List.of(first));
        while (all.size() < count) {
            all.add(copy(first));
        }
        return all;
    }

    private DeviceBuffer copy(DeviceBuffer original) {
        DeviceBuffer copy = memory.allocate("an operand set of a benchmark", original.bytes());
        copy.copy(stream, 0, original, 0, original.bytes());
        return copy;
    }

    /** One buffer with {@code values}. */
    DeviceBuffer once(int[] values) {
        DeviceBuffer buffer = memory.allocate("a benchmark's index", (long) Integer.BYTES * values.length);
        buffer.upload(values);
        return buffer;
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
