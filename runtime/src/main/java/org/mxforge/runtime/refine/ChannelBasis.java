package org.mxforge.runtime.refine;

import java.util.stream.IntStream;

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
     */
    record Rotation(int size, double[][] blocks) implements ChannelBasis {
        /** One block for all channels. */
        static Rotation of(int size, double[] block) {
            return new Rotation(size, new double[][] {block});
        }

        @Override
        public void values(float[] rows) {
            int pieces = rows.length / size;
            IntStream.range(0, pieces).parallel().forEach(piece -> {
                double[] block = blocks[piece % blocks.length];
                double[] sum = new double[size];
                for (int k = 0; k < size; k++) {
                    double x = rows[piece * size + k];
                    for (int j = 0; j < size; j++) {
                        sum[j] += x * block[k * size + j];
                    }
                }
                for (int j = 0; j < size; j++) {
                    rows[piece * size + j] = (float) sum[j];
                }
            });
        }

        @Override
        public void reader(float[] weight) {
            values(weight);
        }

        @Override
        public void maker(float[] weight) {
            int columns = weight.length / (size * blocks.length);
            float[] from = weight.clone();
            IntStream.range(0, size * blocks.length).parallel().forEach(row -> {
                int first = row / size * size;
                double[] block = blocks[row / size];
                double[] sum = new double[columns];
                for (int k = 0; k < size; k++) {
                    double factor = block[k * size + row % size];
                    int start = (first + k) * columns;
                    for (int j = 0; j < columns; j++) {
                        sum[j] += factor * from[start + j];
                    }
                }
                for (int j = 0; j < columns; j++) {
                    weight[row * columns + j] = (float) sum[j];
                }
            });
        }
    }
}
