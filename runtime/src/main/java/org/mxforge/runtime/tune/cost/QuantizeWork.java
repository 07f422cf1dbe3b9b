package org.mxforge.runtime.tune.cost;

import java.util.Optional;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.CodePacking;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.spec.Prologue;
import org.mxforge.runtime.kernel.QuantizeShape;

/**
 * What a reorder-quantize has to do: nothing but move bytes.
 *
 * @param read inputs, the norm's weight and the reorder index
 * @param written codes and scales, or containers and factors, without padding
 */
public record QuantizeWork(long read, long written) implements Work {
    /**
     * The work of {@code spec} on {@code shape}; empty if it has another number of partitions.
     *
     * @param folded whether containers are written, not codes
     */
    public static Optional<QuantizeWork> of(MxQuantizeSpec spec, boolean folded, QuantizeShape shape) {
        if (spec.formats().size() != shape.k().size()) {
            return Optional.empty();
        }
        long channels = shape.channels();
        int arrays = spec.prologue() == Prologue.SILU_MUL ? 2 : 1;
        int vectors = spec.prologue() == Prologue.RMSNORM ? 1 : 0;
        long read = channels
                * ((long) shape.m() * arrays * spec.source().bytes()
                        + vectors * ScalarType.BF16.bytes()
                        + Integer.BYTES);
        return Optional.of(new QuantizeWork(read, shape.m() * row(spec, folded, shape)));
    }

    /** Bytes written of a row. */
    private static long row(MxQuantizeSpec spec, boolean folded, QuantizeShape shape) {
        long channels = shape.channels();
        if (folded) {
            return channels + Float.BYTES;
        }
        long bytes = channels / spec.groups().size();
        for (int i = 0; i < shape.k().size(); i++) {
            bytes += CodePacking.bytes(spec.formats().get(i), shape.k().get(i));
        }
        return bytes;
    }

    @Override
    public long bytes() {
        return read + written;
    }

    @Override
    public double macs() {
        return 0;
    }

    @Override
    public double tensorCycles(TensorRates rates) {
        return 0;
    }
}
