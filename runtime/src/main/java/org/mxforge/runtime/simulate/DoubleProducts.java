package org.mxforge.runtime.simulate;

import org.mxforge.runtime.simulate.ptx.PtxOperand;

/** {@code mma.sync} in FP64: products of 8 or 16 rows of A by 8 columns of B, one number in a register, added up in order by fused steps. */
final class DoubleProducts {
    private static final int N = 8;

    private DoubleProducts() {}

    static Step decode(Decoding decoding) {
        decoding.take("sync");
        decoding.take("aligned");
        String shape = decoding.takeOne("m8n8k4", "m16n8k4", "m16n8k8", "m16n8k16");
        if (shape == null || !decoding.take("row") || !decoding.take("col")) {
            throw decoding.refuse("has a shape that the simulator does not model");
        }
        for (int i = 1; i < 4; i++) {
            if (!decoding.takeNext().equals("f64")) {
                throw decoding.refuse("has types that the simulator does not model");
            }
        }
        int m = Integer.parseInt(shape.substring(1, shape.indexOf('n')));
        int k = Integer.parseInt(shape.substring(shape.indexOf('k') + 1));
        PtxOperand.Register[] d = decoding.destinations(0);
        int[] rows = decoding.sources(1, Long.SIZE);
        int[] columns = decoding.sources(2, Long.SIZE);
        int[] c = decoding.sources(3, Long.SIZE);
        decoding.finish();
        return (warp, lanes) -> {
            MatrixInstructions.requireAll(warp, lanes);
            double[] x = read(warp, rows, m, k);
            double[] y = read(warp, columns, N, k);
            long[][] sums = new long[Lanes.COUNT][d.length];
            for (int lane = 0; lane < Lanes.COUNT; lane++) {
                for (int i = 0; i < d.length; i++) {
                    double sum = Double.longBitsToDouble(warp.get(c[i], lane));
                    int row = (lane / 4 + i / 2 * N) * k;
                    int column = (lane % 4 * 2 + i % 2) * k;
                    for (int step = 0; step < k; step++) {
                        sum = Math.fma(x[row + step], y[column + step], sum);
                    }
                    sums[lane][i] = Double.doubleToRawLongBits(sum);
                }
            }
            for (int lane = 0; lane < Lanes.COUNT; lane++) {
                for (int i = 0; i < d.length; i++) {
                    warp.set(d[i], lane, sums[lane][i]);
                }
            }
        };
    }

    /** A lane has step {@code lane % 4} of row {@code lane / 4}, and of eight rows further down if there are as many, then four steps on. */
    private static double[] read(Warp warp, int[] registers, int rows, int k) {
        double[] values = new double[rows * k];
        int down = rows / N;
        for (int lane = 0; lane < Lanes.COUNT; lane++) {
            for (int i = 0; i < registers.length; i++) {
                int at = (lane / 4 + i % down * N) * k + i / down * 4 + lane % 4;
                values[at] = Double.longBitsToDouble(warp.get(registers[i], lane));
            }
        }
        return values;
    }
}
