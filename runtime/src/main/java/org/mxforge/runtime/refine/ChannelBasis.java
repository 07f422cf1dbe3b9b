package org.mxforge.runtime.refine;

import org.mxforge.runtime.exec.spi.Backend;

/**
 * Other coordinates for some channels: a token's values x, a row, become x M. Who makes them and who reads them is changed to match, so
 * that nothing is left to do at run time. All matrices are row-major and changed in place.
 */
sealed interface ChannelBasis {
    /** Rows of values, such as embeddings or a bias: x becomes x M. */
    void values(float[] rows);

    /** A weight [outputs][channels] that reads the channels: w becomes w M^-T. */
    void reader(float[] weight);

    /** A weight [channels][inputs] that makes the channels: W becomes M^T W. */
    void maker(float[] weight);

    /** M = diag(factors), none of which is 0. */
    record Scaling(double[] factors) implements ChannelBasis {
        @Override
        public void values(float[] rows) {
            columns(rows, false);
        }

        @Override
        public void reader(float[] weight) {
            columns(weight, true);
        }

        private void columns(float[] matrix, boolean divided) {
            Strips.each(matrix.length, factors.length, (channel, i) -> {
                double factor = factors[channel];
                matrix[i] = (float) (divided ? matrix[i] / factor : matrix[i] * factor);
            });
        }

        @Override
        public void maker(float[] weight) {
            int columns = weight.length / factors.length;
            Strips.each(weight.length, columns, (channel, i) -> weight[i] = (float) (weight[i] * factors[i / columns]));
        }
    }

    /**
     * M is orthogonal: a block for each {@code size} channels along its diagonal.
     *
     * @param blocks each [size][size]
     * @param rotations what multiplies by them
     */
    record Rotation(int size, double[][] blocks, Backend.Rotations rotations) implements ChannelBasis {
        @Override
        public void values(float[] rows) {
            rotations.channels(rows, size, blocks);
        }

        @Override
        public void reader(float[] weight) {
            values(weight);
        }

        @Override
        public void maker(float[] weight) {
            rotations.outputs(weight, size, blocks);
        }
    }
}
