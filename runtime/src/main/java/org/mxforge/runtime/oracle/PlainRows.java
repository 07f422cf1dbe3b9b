package org.mxforge.runtime.oracle;

/** Rows of a plain row-major matrix. */
final class PlainRows implements OperandRows {
    private final float[] values;
    private final int rows;
    private final int channels;
    private final double[][] widened;

    PlainRows(float[] values, int rows, int channels) {
        if (values.length != (long) rows * channels) {
            throw new IllegalArgumentException(
                    rows + " rows of " + channels + " channels are not " + values.length + " values");
        }
        this.values = values;
        this.rows = rows;
        this.channels = channels;
        this.widened = new double[rows][];
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public int channels() {
        return channels;
    }

    @Override
    public double[] row(int row) {
        if (widened[row] == null) {
            double[] wide = new double[channels];
            for (int i = 0; i < channels; i++) {
                wide[i] = values[row * channels + i];
            }
            widened[row] = wide;
        }
        return widened[row];
    }
}
