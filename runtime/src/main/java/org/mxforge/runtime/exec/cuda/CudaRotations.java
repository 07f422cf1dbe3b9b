package org.mxforge.runtime.exec.cuda;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.Fp64RowsArguments;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.Fp64GemmSpec.Sum;
import org.mxforge.dsl.spec.Fp64RowsSpec;
import org.mxforge.dsl.spec.GroupTransform;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;
import org.mxforge.runtime.exec.spi.Backend;

/** Rotations by products in FP64 on a GPU; matrices come from the host and go back there. */
record CudaRotations(Gpu gpu) implements Backend.Rotations {
    /** Values whose channels are rotated at once, so that an embedding takes little memory. */
    private static final int MOST = 1 << 26;

    /** Values that come back to the host together. */
    private static final int BACK = 1 << 22;

    /** Values that a core of the host rounds before it takes more. */
    private static final int PIECE = 1 << 16;

    @Override
    public void channels(float[] rows, int size, double[][] blocks) {
        int width = size * blocks.length;
        int all = rows.length / width;
        int most = Math.min(Math.max(1, MOST / width), all);
        try (Fp64Matrix turn = stacked(size, blocks);
                Fp64Matrix wide = Fp64Matrix.allocate(gpu, most, width);
                Fp64Matrix product = Fp64Matrix.allocate(gpu, most, width)) {
            for (int first = 0; first < all; first += most) {
                int count = Math.min(most, all - first);
                widen(rows, first * width, count, wide);
                for (int at = 0; at < width; at += size) {
                    Fp64Matrix.multiply(
                            gpu,
                            false,
                            Sum.SET,
                            count,
                            size,
                            size,
                            wide.from(0, at),
                            turn.from(at, 0),
                            product.from(0, at),
                            Fp64Matrix.Skipped.NOTHING);
                }
                round(product, rows, first * width, count * width);
            }
        }
    }

    @Override
    public void outputs(float[] weight, int size, double[][] blocks) {
        int outputs = size * blocks.length;
        int columns = weight.length / outputs;
        try (Fp64Matrix turn = stacked(size, blocks);
                Fp64Matrix wide = Fp64Matrix.allocate(gpu, outputs, columns);
                Fp64Matrix product = Fp64Matrix.allocate(gpu, outputs, columns)) {
            widen(weight, 0, outputs, wide);
            for (int at = 0; at < outputs; at += size) {
                Fp64Matrix.multiply(
                        gpu,
                        true,
                        Sum.SET,
                        size,
                        columns,
                        size,
                        turn.from(at, 0),
                        wide.from(at, 0),
                        product.from(at, 0),
                        Fp64Matrix.Skipped.NOTHING);
            }
            round(product, weight, 0, weight.length);
        }
    }

    /** The blocks, one below the other. */
    private Fp64Matrix stacked(int size, double[][] blocks) {
        Fp64Matrix stacked = Fp64Matrix.allocate(gpu, size * blocks.length, size);
        long bytes = Fp64Matrix.bytes(size, size);
        for (int i = 0; i < blocks.length; i++) {
            stacked.memory().buffer().view(i * bytes, bytes).upload(blocks[i]);
        }
        return stacked;
    }

    /** Makes {@code values} from {@code from} on the first {@code rows} rows of {@code wide}. */
    private void widen(float[] values, int from, int rows, Fp64Matrix wide) {
        int columns = wide.columns();
        try (Scratch narrow = gpu.scratch("a plain weight", (long) Float.BYTES * rows * columns);
                Scratch same = gpu.scratch(
                        "a reorder index", IntStream.range(0, columns).toArray())) {
            int count = rows * columns;
            narrow.buffer().upload(count == values.length ? values : Arrays.copyOfRange(values, from, from + count));
            gpu.launch(
                    new Fp64RowsSpec(ScalarType.FP32, OperandLayout.PLAIN, GroupTransform.NONE, Optional.empty()),
                    new Fp64RowsArguments(rows, columns, narrow.address(), same.address(), 0, wide.address()));
        }
    }

    /** Rounds the first {@code count} values of {@code product} into {@code values}, from {@code from} on. */
    private static void round(Fp64Matrix product, float[] values, int from, int count) {
        DeviceBuffer buffer = product.memory().buffer();
        double[] piece = new double[Math.min(count, BACK)];
        for (int first = 0; first < count; first += piece.length) {
            int start = from + first;
            int length = Math.min(piece.length, count - first);
            buffer.download((long) Double.BYTES * first, piece, length);
            IntStream.range(0, (length + PIECE - 1) / PIECE).parallel().forEach(block -> {
                int end = Math.min(length, (block + 1) * PIECE);
                for (int i = block * PIECE; i < end; i++) {
                    values[start + i] = (float) piece[i];
                }
            });
        }
    }
}
