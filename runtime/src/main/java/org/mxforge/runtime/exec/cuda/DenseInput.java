package org.mxforge.runtime.exec.cuda;

import java.util.stream.IntStream;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.Bf16Tile;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.runtime.exec.spi.LinearInput;

/**
 * Plain BF16 activations.
 *
 * @param layout {@link OperandLayout#PLAIN} or {@link OperandLayout#BF16}
 * @param isOwner whether closing gives the memory back
 */
record DenseInput(Scratch memory, OperandLayout layout, int rows, int channels, boolean isOwner)
        implements LinearInput {
    /** Activations of undefined content. */
    static DenseInput allocate(Gpu gpu, OperandLayout layout, int rows, int channels) {
        long bytes = bytes(layout, rows, channels);
        return new DenseInput(gpu.scratch("plain layer inputs", bytes), layout, rows, channels, true);
    }

    private static long bytes(OperandLayout layout, int rows, int channels) {
        return layout == OperandLayout.PLAIN
                ? (long) rows * channels * ScalarType.BF16.bytes()
                : Bf16Tile.bytes(rows, channels);
    }

    /** The same in memory of its own. */
    DenseInput copy(Gpu gpu) {
        DenseInput copy = allocate(gpu, layout, rows, channels);
        copy.memory.buffer().copy(gpu.stream(), 0, memory.buffer(), 0, bytes(layout, rows, channels));
        return copy;
    }

    /** A matrix as it lies. */
    static DenseInput of(CudaMatrix matrix) {
        return new DenseInput(matrix.memory(), OperandLayout.PLAIN, matrix.rows(), matrix.columns(), false);
    }

    /** Where layers read it. */
    long address() {
        return memory.address();
    }

    /** Its values, row-major. */
    float[] download() {
        boolean tiled = layout == OperandLayout.BF16;
        float[] values = new float[Math.multiplyExact(rows, channels)];
        short[] bits = new short[tiled ? Math.toIntExact(Bf16Tile.bytes(rows, channels) / Short.BYTES) : values.length];
        memory.buffer().download(bits);
        IntStream.range(0, rows).parallel().forEach(row -> {
            for (int channel = 0, i = row * channels; channel < channels; channel++, i++) {
                long at = tiled ? Bf16Tile.offset(row, channel, channels) / Short.BYTES : i;
                values[i] = Bfloat16.toFloat(bits[(int) at]);
            }
        });
        return values;
    }

    @Override
    public void close() {
        if (isOwner) {
            memory.close();
        }
    }
}
