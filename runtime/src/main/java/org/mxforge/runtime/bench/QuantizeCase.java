package org.mxforge.runtime.bench;

import java.util.List;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.CodePacking;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.spec.Prologue;
import org.mxforge.dsl.spec.Side;

/**
 * One reorder-quantize of BF16 activations.
 *
 * @param rows tokens
 * @param channels of a row
 * @param formats of the partitions
 * @param shares of the channels that the partitions get
 * @param prologue what is done before
 */
public record QuantizeCase(int rows, int channels, List<ElementFormat> formats, Shares shares, Prologue prologue) {
    public QuantizeCase {
        formats = List.copyOf(formats);
        if (rows <= 0) {
            throw new IllegalArgumentException("the number of rows is " + rows + ": give 1 or more");
        }
        if (formats.size() != shares.percents().size()) {
            throw new IllegalArgumentException("a split of " + shares.text() + " does not fit " + formats.size()
                    + " formats: give one percent for each");
        }
        shares.channels(channels);
    }

    MxQuantizeSpec spec(GroupLayout layout) {
        return new MxQuantizeSpec(Side.ACTIVATION, formats, ScaleRule.CEIL, layout, prologue, ScalarType.BF16);
    }

    /** Matrices of the input's size that are read: gate and up, or the input alone. */
    private int inputs() {
        return prologue == Prologue.SILU_MUL ? 2 : 1;
    }

    /** Bytes that must be read: the inputs, the norm's weight, the reorder index. */
    public long bytesRead() {
        long rowsRead = (long) rows * inputs() + (prologue == Prologue.RMSNORM ? 1 : 0);
        return rowsRead * channels * ScalarType.BF16.bytes() + (long) channels * Integer.BYTES;
    }

    /** Bytes that must be written: codes and scales, or containers and factors, without padding. */
    public long bytesWritten(GroupLayout layout) {
        if (layout.scales().isFolded()) {
            return (long) rows * (channels + Float.BYTES);
        }
        List<Integer> parts = shares.channels(channels);
        long row = channels / GroupLayout.GROUP;
        for (int i = 0; i < parts.size(); i++) {
            row += CodePacking.bytes(formats.get(i), parts.get(i));
        }
        return rows * row;
    }
}
