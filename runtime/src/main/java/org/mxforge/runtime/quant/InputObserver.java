package org.mxforge.runtime.quant;

import java.util.stream.IntStream;

/** Gathers {@link InputStatistics} row by row. */
interface InputObserver {
    /** Adds {@code rows} rows of {@code values}, [rows][channels], finite. */
    void add(float[] values, int rows);

    /** What was gathered so far. */
    InputStatistics statistics();

    /** An observer that gathers {@code kind}. */
    static InputObserver of(InputStatistics.Kind kind, int channels) {
        return switch (kind) {
            case NONE -> new Nothing();
            case CHANNEL -> new ChannelSizes(channels);
            case HESSIAN -> new Products(channels);
        };
    }

    /** Gathers nothing. */
    record Nothing() implements InputObserver {
        @Override
        public void add(float[] values, int rows) {}

        @Override
        public InputStatistics statistics() {
            return new InputStatistics.None();
        }
    }

    /** Gathers the size of each channel. */
    final class ChannelSizes implements InputObserver {
        private final double[] sum;
        private final float[] largest;
        private long rows;

        private ChannelSizes(int channels) {
            sum = new double[channels];
            largest = new float[channels];
        }

        @Override
        public void add(float[] values, int rows) {
            for (int i = 0; i < rows * sum.length; i++) {
                float size = Math.abs(values[i]);
                int channel = i % sum.length;
                sum[channel] += size;
                largest[channel] = Math.max(largest[channel], size);
            }
            this.rows += rows;
        }

        @Override
        public InputStatistics statistics() {
            double[] mean = new double[sum.length];
            for (int i = 0; i < mean.length; i++) {
                mean[i] = rows == 0 ? 0 : sum[i] / rows;
            }
            return new InputStatistics.Channel(rows, mean, largest.clone());
        }
    }

    /** Gathers the products of each two channels: the lower triangle, rows of it in parallel. */
    final class Products implements InputObserver {
        private final int channels;
        private final double[] sum;
        private long rows;

        private Products(int channels) {
            this.channels = channels;
            sum = new double[Math.multiplyExact(channels, channels)];
        }

        @Override
        public void add(float[] values, int rows) {
            IntStream.range(0, channels).parallel().forEach(i -> {
                for (int row = 0; row < rows; row++) {
                    int start = row * channels;
                    double factor = values[start + i];
                    for (int j = 0; j <= i; j++) {
                        sum[i * channels + j] += factor * values[start + j];
                    }
                }
            });
            this.rows += rows;
        }

        @Override
        public InputStatistics statistics() {
            double[] mean = new double[sum.length];
            for (int i = 0; i < channels; i++) {
                for (int j = 0; j <= i; j++) {
                    double product = rows == 0 ? 0 : sum[i * channels + j] / rows;
                    mean[i * channels + j] = product;
                    mean[j * channels + i] = product;
                }
            }
            return new InputStatistics.Hessian(rows, mean);
        }
    }
}
