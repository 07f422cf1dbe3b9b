package org.mxforge.runtime.simulate;

import java.util.Set;
import java.util.function.LongToDoubleFunction;
import org.mxforge.runtime.simulate.ptx.PtxOperand;

/** {@code mma.sync}: products of 16 rows of A by 8 columns of B, whose elements lie in the registers of a warp. */
final class MatrixInstructions {
    static final int M = 16;
    static final int N = 8;

    private static final String MIXED = "kind::mxf8f6f4";
    private static final Set<String> PACKED = Set.of("kind::mxf4", "kind::mxf4nvf4");

    private MatrixInstructions() {}

    static Step decode(Decoding decoding, TensorCores tensorCores) {
        decoding.take("sync");
        decoding.take("aligned");
        String kind = decoding.takeOne(MIXED, "kind::mxf4", "kind::mxf4nvf4");
        boolean scaled = kind != null && decoding.take("block_scale");
        String perRow = decoding.takeOne("scale_vec::1X", "scale_vec::2X");
        String shape = decoding.takeOne("m16n8k8", "m16n8k16", "m16n8k32", "m16n8k64");
        if (shape == null || !decoding.take("row") || !decoding.take("col") || kind != null && !scaled) {
            throw decoding.refuse("has a shape that the simulator does not model");
        }
        int k = Integer.parseInt(shape.substring("m16n8k".length()));
        String sums = decoding.takeNext();
        Fragment a = fragment(decoding, kind, decoding.takeNext(), k);
        Fragment b = fragment(decoding, kind, decoding.takeNext(), k);
        boolean integers = sums.equals("s32");
        if (!decoding.takeNext().equals(sums) || !integers && !sums.equals("f32") || integers != a.isInteger()) {
            throw decoding.refuse("has types that the simulator does not model");
        }
        BlockScales left = null;
        BlockScales right = null;
        if (scaled) {
            int blocks = kind.equals(MIXED) ? 1 : 2;
            boolean given =
                    perRow == null ? !kind.equals("kind::mxf4nvf4") : perRow.equals("scale_vec::" + blocks + "X");
            if (!given || !decoding.takeNext().equals("ue8m0")) {
                throw decoding.refuse("has scales that the simulator does not model");
            }
            left = BlockScales.ofRows(decoding, 4, blocks);
            right = BlockScales.ofColumns(decoding, 6, blocks);
        }
        PtxOperand.Register[] d = decoding.destinations(0);
        int[] rows = decoding.sources(1, Integer.SIZE);
        int[] columns = decoding.sources(2, Integer.SIZE);
        int[] c = decoding.sources(3, Integer.SIZE);
        decoding.finish();
        ProductSum adder = integers
                ? ProductSum::integers
                : ProductSum.rounding(
                        scaled ? tensorCores.scaled() : tensorCores.warp(), new TensorCore.Least(a.least(), b.least()));
        BlockScales ofRows = left;
        BlockScales ofColumns = right;
        return (warp, lanes) -> {
            requireAll(warp, lanes);
            double[] x = a.read(warp, rows, M);
            double[] y = b.read(warp, columns, N);
            if (scaled) {
                ofRows.apply(warp, x, k);
                ofColumns.apply(warp, y, k);
            }
            multiply(warp, d, c, x, y, k, adder);
        };
    }

    private static void multiply(
            Warp warp, PtxOperand.Register[] d, int[] c, double[] rows, double[] columns, int k, ProductSum adder) {
        long[] sums = new long[c.length * Lanes.COUNT];
        for (int lane = 0; lane < Lanes.COUNT; lane++) {
            for (int i = 0; i < c.length; i++) {
                int row = lane / 4 + i / 2 * 8;
                int column = lane % 4 * 2 + i % 2;
                sums[lane * c.length + i] = adder.add(warp.get(c[i], lane), rows, row * k, columns, column * k, k);
            }
        }
        for (int lane = 0; lane < Lanes.COUNT; lane++) {
            for (int i = 0; i < d.length; i++) {
                warp.set(d[i], lane, sums[lane * c.length + i]);
            }
        }
    }

    static void requireAll(Warp warp, int lanes) {
        if (lanes != -1) {
            warp.block.launch.findings.add(Finding.Kind.DIVERGENT_BARRIER, warp, "only some lanes of a warp run 'mma'");
        }
    }

    private static Fragment fragment(Decoding decoding, String kind, String type, int k) {
        Fragment fragment = kind == null
                ? Fragment.plain(type, k)
                : kind.equals(MIXED)
                        ? Fragment.container(type, k)
                        : PACKED.contains(kind) ? Fragment.packed(type, k) : null;
        if (fragment == null) {
            throw decoding.refuse("has types, or types in a shape, that the simulator does not model");
        }
        return fragment;
    }

    /**
     * How elements lie in registers: a lane has those of row {@code lane / 4}, and of eight rows further down in every other register if there
     * are as many rows, then of the second half of {@code k}.
     *
     * @param bits of an element
     * @param k elements of a row
     * @param least the exponent of the smallest normal number; scales move it, so that containers have none
     * @param decoder what the bits are
     */
    private record Fragment(int bits, int k, int least, LongToDoubleFunction decoder) {
        /** Bytes of a row that the 16 or 8 rows of a step have, but for the shallower step of 16 bits. */
        private static final int ROW_BYTES = 32;

        static Fragment plain(String type, int k) {
            if (type.equals("s8")) {
                return fitting(new Fragment(Byte.SIZE, k, 0, bits -> (byte) bits));
            }
            SmallFloat format = type.equals("bf16") || type.equals("f16") ? SmallFloat.find(type) : null;
            return format == null || k > Short.SIZE
                    ? null
                    : new Fragment(Short.SIZE, k, format.least(), format::decode);
        }

        /** A byte for each, at whose upper end, below two bits of padding, a narrower one lies. */
        static Fragment container(String type, int k) {
            SmallFloat format =
                    switch (type) {
                        case "e4m3" -> SmallFloat.E4M3;
                        case "e5m2" -> SmallFloat.E5M2;
                        case "e3m2" -> SmallFloat.E3M2;
                        // Four bits, and two of padding, which make it an E2M3.
                        case "e2m3", "e2m1" -> SmallFloat.E2M3;
                        default -> null;
                    };
            return format == null
                    ? null
                    : fitting(new Fragment(
                            Byte.SIZE, k, Double.MIN_EXPONENT, bits -> format.decode(bits & format.mask())));
        }

        static Fragment packed(String type, int k) {
            return type.equals("e2m1")
                    ? fitting(new Fragment(4, k, Double.MIN_EXPONENT, SmallFloat.E2M1::decode))
                    : null;
        }

        private static Fragment fitting(Fragment fragment) {
            return fragment.k * fragment.bits == ROW_BYTES * Byte.SIZE ? fragment : null;
        }

        boolean isInteger() {
            return bits == Byte.SIZE && decoder.applyAsDouble(1) == 1;
        }

        double[] read(Warp warp, int[] registers, int rows) {
            double[] values = new double[rows * k];
            int down = rows / 8;
            int each = Integer.SIZE / bits;
            long mask = (1L << bits) - 1;
            for (int lane = 0; lane < Lanes.COUNT; lane++) {
                for (int i = 0; i < registers.length; i++) {
                    long word = warp.get(registers[i], lane);
                    int at = (lane / 4 + i % down * 8) * k + i / down * 4 * each + lane % 4 * each;
                    for (int j = 0; j < each; j++) {
                        values[at + j] = decoder.applyAsDouble(word >>> j * bits & mask);
                    }
                }
            }
            return values;
        }
    }
}
