package org.mxforge.runtime.exec.cuda;

import org.mxforge.dsl.format.ScalarArray;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.ContainerTile;
import org.mxforge.runtime.quant.PlainWeight;

/**
 * The rows of a plain weight on their way to the kernel that quantizes them: in BF16 or FP32, some whole tiles at a time.
 *
 * @param slice how many at a time
 */
record PlainRows(Gpu gpu, PlainWeight weight, int slice) {
    private static final int SLICE_BYTES = 64 << 20;

    /** Takes rows that are there. */
    @FunctionalInterface
    interface Consumer {
        /**
         * @param address of the rows, to be used in what is asked for now
         * @param first number of the first of them
         * @param count how many they are
         */
        void take(long address, int first, int count);
    }

    static PlainRows of(Gpu gpu, PlainWeight stored) {
        PlainWeight weight = stored.type() != ScalarType.FP16
                ? stored
                : PlainWeight.of(ScalarArray.fp32(stored.values().floats()), stored.outputs(), stored.channels());
        long tile =
                (long) ContainerTile.ROWS * weight.channels() * weight.type().bytes();
        return new PlainRows(gpu, weight, (int) Math.max(1, SLICE_BYTES / tile) * ContainerTile.ROWS);
    }

    /** What they are in. */
    ScalarType type() {
        return weight.type();
    }

    /** Brings all of them. */
    void bring(Consumer consumer) {
        long row = (long) weight.channels() * type().bytes();
        for (int first = 0; first < weight.outputs(); first += slice) {
            int count = Math.min(slice, weight.outputs() - first);
            try (Scratch rows = gpu.scratch("rows of a weight, on their way", count * row)) {
                gpu.bring(weight.bytes(), first * row, count * row, rows.buffer(), 0);
                consumer.take(rows.address(), first, count);
            }
        }
    }
}
