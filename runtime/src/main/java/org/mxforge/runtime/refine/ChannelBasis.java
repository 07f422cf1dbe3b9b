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
        /** Rows that are made together, so that what they are made of is read once for all of them. */
        private static final int TOGETHER = 8;

        /** One block for all channels. */
        static Rotation of(int size, double[] block) {
            return new Rotation(size, new double[][] {block});
        }

        @Override
        public void values(float[] rows) {
            int width = size * blocks.length;
            int tiles = tiles(rows.length / width);
            IntStream.range(0, tiles * blocks.length).parallel().forEach(task -> {
                int first = task / blocks.length * TOGETHER;
                int count = Math.min(TOGETHER, rows.length / width - first);
                int start = first * width + task % blocks.length * size;
                double[] block = blocks[task % blocks.length];
                double[][] sums = new double[count][size];
                for (int k = 0; k < size; k++) {
                    for (int row = 0; row < count; row++) {
                        add(rows[start + row * width + k], block, k * size, sums[row]);
                    }
                }
                for (int row = 0; row < count; row++) {
                    round(sums[row], rows, start + row * width);
                }
            });
        }

        private static int tiles(int rows) {
            return (rows + TOGETHER - 1) / TOGETHER;
        }

        private static void add(double factor, double[] from, int at, double[] sum) {
            for (int j = 0; j < sum.length; j++) {
                sum[j] += factor * from[at + j];
            }
        }

        private static void add(double factor, float[] from, int at, double[] sum) {
            for (int j = 0; j < sum.length; j++) {
                sum[j] += factor * from[at + j];
            }
        }

        private static void round(double[] sum, float[] to, int at) {
            for (int j = 0; j < sum.length; j++) {
                to[at + j] = (float) sum[j];
            }
        }

        @Override
        public void reader(float[] weight) {
            values(weight);
        }

        @Override
        public void maker(float[] weight) {
            int columns = weight.length / (size * blocks.length);
            int tiles = tiles(size);
            float[] from = weight.clone();
            IntStream.range(0, tiles * blocks.length).parallel().forEach(task -> {
                int top = task / tiles * size;
                int first = task % tiles * TOGETHER;
                int count = Math.min(TOGETHER, size - first);
                double[] block = blocks[task / tiles];
                double[][] sums = new double[count][columns];
                for (int k = 0; k < size; k++) {
                    for (int row = 0; row < count; row++) {
                        add(block[k * size + first + row], from, (top + k) * columns, sums[row]);
                    }
                }
                for (int row = 0; row < count; row++) {
                    round(sums[row], weight, (top + first + row) * columns);
                }
            });
        }
    }
}
