package org.mxforge.runtime.exec.cpu;

import org.mxforge.dsl.format.ScalarArray;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.Batches;
import org.mxforge.runtime.exec.spi.Linear;
import org.mxforge.runtime.exec.spi.LinearInput;
import org.mxforge.runtime.exec.spi.Matrix;
import org.mxforge.runtime.quant.PlainWeight;

/** Brings values to a backend: there is no upload, but an embedding table and an identity layer are enough. */
final class CpuBackends {
    private CpuBackends() {}

    /** A matrix of {@code values}, which must be exact in BF16. */
    static Matrix matrix(Backend backend, float[] values, int rows, int columns) {
        short[] table = new short[values.length];
        for (int i = 0; i < values.length; i++) {
            table[i] = (short) (Float.floatToRawIntBits(values[i]) >>> 16);
        }
        int[] ids = new int[rows];
        for (int i = 0; i < rows; i++) {
            ids[i] = i;
        }
        Matrix out = backend.activations(rows, columns);
        Batches.embed(backend, backend.embedding(PlainWeight.of(ScalarArray.bf16(table), rows, columns)), ids, out);
        return out;
    }

    /** Values exact in BF16. */
    static float[] values(int count, long seed) {
        float[] values = CpuOperands.values(count, seed);
        for (int i = 0; i < count; i++) {
            values[i] = Float.intBitsToFloat(Float.floatToRawIntBits(values[i]) & 0xffff0000);
        }
        return values;
    }

    /** The values of {@code x} through {@code step}, as {@code layer} would multiply them. */
    static float[] plainInput(Backend backend, Linear layer, LinearInput.Step step, Matrix x) {
        try (LinearInput input = backend.input(layer, step, x)) {
            return backend.download(input);
        }
    }
}
