package org.mxforge.runtime.simulate;

/** {@code mma.sync}: products of small matrices whose elements lie in the registers of a warp. */
final class MatrixInstructions {
    private static final int M = 16;
    private static final int N = 8;

    private MatrixInstructions() {}

    static Step decode(Decoding decoding, TensorCore tensorCore) {
        decoding.take("sync");
        decoding.take("aligned");
        if (decoding.take("m16n8k32")) {
            return integers(decoding);
        }
        int k = decoding.take("m16n8k16") ? 16 : decoding.take("m16n8k8") ? 8 : 0;
        if (k == 0 || !decoding.take("row") || !decoding.take("col")) {
            throw decoding.refuse("has a shape that the simulator does not model");
        }
        boolean single = decoding.takeNext().equals("f32");
        SmallFloat a = SmallFloat.find(decoding.takeNext());
        SmallFloat b = SmallFloat.find(decoding.takeNext());
        single &= decoding.takeNext().equals("f32");
        if (!single || a == null || b == null) {
            throw decoding.refuse("has types that the simulator does not model");
        }
        PtxOperand.Register[] d = decoding.destinations(0);
        int[] left = decoding.sources(1, Integer.SIZE);
        int[] right = decoding.sources(2, Integer.SIZE);
        int[] c = decoding.sources(3, Integer.SIZE);
        decoding.finish();
        return (warp, lanes) -> {
            requireAll(warp, lanes);
            double[] rows = new double[M * k];
            double[] columns = new double[N * k];
            for (int lane = 0; lane < Lanes.COUNT; lane++) {
                for (int i = 0; i < left.length; i++) {
                    // Registers go down the rows first, then along k.
                    spread(a, warp.get(left[i], lane), rows, (lane / 4 + i % 2 * 8) * k + i / 2 * 8 + lane % 4 * 2);
                }
                for (int i = 0; i < right.length; i++) {
                    spread(b, warp.get(right[i], lane), columns, lane / 4 * k + i * 8 + lane % 4 * 2);
                }
            }
            float[] sums = new float[c.length * Lanes.COUNT];
            for (int lane = 0; lane < Lanes.COUNT; lane++) {
                for (int i = 0; i < c.length; i++) {
                    int row = lane / 4 + i / 2 * 8;
                    int column = lane % 4 * 2 + i % 2;
                    float before = FloatInstructions.single(warp.get(c[i], lane));
                    sums[lane * c.length + i] = tensorCore.add(before, rows, row * k, columns, column * k, k);
                }
            }
            for (int lane = 0; lane < Lanes.COUNT; lane++) {
                for (int i = 0; i < d.length; i++) {
                    warp.set(d[i], lane, FloatInstructions.bits(sums[lane * c.length + i]));
                }
            }
        };
    }

    private static void requireAll(Warp warp, int lanes) {
        if (lanes != -1) {
            warp.block.launch.findings.add(Finding.Kind.DIVERGENT_BARRIER, warp, "only some lanes of a warp run 'mma'");
        }
    }

    /** Of signed bytes, summed in 32 bits without rounding. */
    private static Step integers(Decoding decoding) {
        boolean signed = decoding.take("row")
                && decoding.take("col")
                && decoding.take("s32")
                && decoding.take("s8")
                && decoding.take("s8")
                && decoding.take("s32");
        if (!signed) {
            throw decoding.refuse("has types that the simulator does not model");
        }
        PtxOperand.Register[] d = decoding.destinations(0);
        int[] left = decoding.sources(1, Integer.SIZE);
        int[] right = decoding.sources(2, Integer.SIZE);
        int[] c = decoding.sources(3, Integer.SIZE);
        decoding.finish();
        int k = 32;
        return (warp, lanes) -> {
            requireAll(warp, lanes);
            int[] rows = new int[M * k];
            int[] columns = new int[N * k];
            for (int lane = 0; lane < Lanes.COUNT; lane++) {
                for (int i = 0; i < left.length; i++) {
                    spread(warp.get(left[i], lane), rows, (lane / 4 + i % 2 * 8) * k + i / 2 * 16 + lane % 4 * 4);
                }
                for (int i = 0; i < right.length; i++) {
                    spread(warp.get(right[i], lane), columns, lane / 4 * k + i * 16 + lane % 4 * 4);
                }
            }
            int[] sums = new int[c.length * Lanes.COUNT];
            for (int lane = 0; lane < Lanes.COUNT; lane++) {
                for (int i = 0; i < c.length; i++) {
                    int row = (lane / 4 + i / 2 * 8) * k;
                    int column = (lane % 4 * 2 + i % 2) * k;
                    int sum = (int) warp.get(c[i], lane);
                    for (int channel = 0; channel < k; channel++) {
                        sum += rows[row + channel] * columns[column + channel];
                    }
                    sums[lane * c.length + i] = sum;
                }
            }
            for (int lane = 0; lane < Lanes.COUNT; lane++) {
                for (int i = 0; i < d.length; i++) {
                    warp.set(d[i], lane, sums[lane * c.length + i] & 0xffff_ffffL);
                }
            }
        };
    }

    /** Four signed bytes. */
    private static void spread(long word, int[] values, int at) {
        for (int i = 0; i < Integer.BYTES; i++) {
            values[at + i] = (byte) (word >>> Byte.SIZE * i);
        }
    }

    /** Two numbers of 16 bits. */
    private static void spread(SmallFloat format, long pair, double[] values, int at) {
        values[at] = format.decode(pair & 0xffff);
        values[at + 1] = format.decode(pair >>> Short.SIZE & 0xffff);
    }
}
