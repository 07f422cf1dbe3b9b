package org.mxforge.runtime.simulate;

import java.util.function.LongToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mxforge.runtime.simulate.ptx.PtxOperand;

/**
 * {@code wgmma}: products of 64 rows of A, 16 for each warp of a group of four, by rows of B, along 32 bytes of each. The warps of a group do
 * their parts one by one.
 */
final class WgmmaInstructions {
    private static final Pattern SHAPE = Pattern.compile("m64n(\\d+)k(\\d+)");
    private static final int ROWS = 16;
    private static final int STEP_BYTES = 32;
    private static final int PIECE = 16;

    private WgmmaInstructions() {}

    static Step decode(Decoding decoding, TensorCores tensorCores) {
        decoding.take("sync");
        decoding.take("aligned");
        if (decoding.take("fence")) {
            decoding.finish();
            return (warp, lanes) -> {};
        }
        if (decoding.take("commit_group")) {
            decoding.finish();
            return (warp, lanes) -> warp.products.commit();
        }
        if (decoding.take("wait_group")) {
            int most = decoding.source(0, Integer.SIZE);
            decoding.finish();
            return (warp, lanes) -> warp.products.await((int) warp.get(most, 0));
        }
        if (!decoding.take("mma_async")) {
            throw decoding.refuse("has a form that the simulator does not model");
        }
        Matcher shape = SHAPE.matcher(decoding.takeNext());
        String sums = decoding.takeNext();
        Element a = Element.find(decoding.takeNext());
        Element b = Element.find(decoding.takeNext());
        boolean integers = a == Element.INTEGER && b == Element.INTEGER;
        if (!shape.matches() || a == null || b == null || !sums.equals(integers ? "s32" : "f32")) {
            throw decoding.refuse("has a shape or types that the simulator does not model");
        }
        int n = Integer.parseInt(shape.group(1));
        int k = Integer.parseInt(shape.group(2));
        PtxOperand.Register[] d = decoding.destinations(0);
        boolean registers = decoding.operand(1) instanceof PtxOperand.Vector;
        int[] left = decoding.sources(1, registers ? Integer.SIZE : Long.SIZE);
        int right = decoding.source(2, Long.SIZE);
        int accumulate = decoding.source(3, 1);
        // Signs of both, then whether those in shared memory are transposed.
        boolean transposed = decoding.operands() > 6 && immediate(decoding, decoding.operands() - 1) == 1;
        for (int i = 4; i < decoding.operands() - (transposed ? 1 : 0); i++) {
            if (immediate(decoding, i) != (i < 6 ? 1 : 0)) {
                throw decoding.refuse("negates, or transposes A, which the simulator does not model");
            }
        }
        decoding.finish();
        ProductSum core = integers
                ? ProductSum::integers
                : ProductSum.rounding(
                        a.bits() == Byte.SIZE ? tensorCores.narrow() : tensorCores.wide(),
                        new TensorCore.Least(a.least(), b.least()));
        if (k * a.bits() != STEP_BYTES * Byte.SIZE) {
            throw decoding.refuse("has a depth that the simulator does not model");
        }
        Columns reader = (warp, columns) ->
                transposed ? readTransposed(warp, columns, n, b, k) : read(warp, columns, 0, n, b, k);
        return (warp, lanes) -> {
            SwizzledRows columns = SwizzledRows.of(warp.get(right, 0), warp);
            SwizzledRows rows = registers ? null : SwizzledRows.of(warp.get(left[0], 0), warp);
            boolean adds = warp.get(accumulate, 0) != 0;
            double[] own = registers ? ofRegisters(warp, left, a, k) : null;
            int first = warp.index % 4 * ROWS;
            // What it reads must be there now, and stay until it is done.
            reader.read(warp, columns);
            if (rows != null) {
                read(warp, rows, first, ROWS, a, k);
            }
            warp.products.begin(() -> {
                double[] tokens = reader.read(warp, columns);
                double[] weights = rows == null ? own : read(warp, rows, first, ROWS, a, k);
                multiply(warp, d, adds, weights, tokens, k, core);
            });
        };
    }

    /** What brings B from shared memory: its rows, or columns, one after the other. */
    private interface Columns {
        double[] read(Warp warp, SwizzledRows rows);
    }

    /** The number that an operand is; -1 if it is none. */
    private static long immediate(Decoding decoding, int operand) {
        return decoding.operand(operand) instanceof PtxOperand.Immediate number ? number.bits() : -1;
    }

    /** What a number in shared memory or in a register is. */
    private record Element(int bits, int least, LongToDoubleFunction decoder) {
        static final Element INTEGER = new Element(Byte.SIZE, 0, bits -> (byte) bits);

        static Element find(String type) {
            if (type.equals("s8")) {
                return INTEGER;
            }
            SmallFloat format = SmallFloat.find(type.startsWith("e") ? type + "x2" : type);
            return format == null ? null : new Element(format.bits(), format.least(), format::decode);
        }

        double decode(long word) {
            return decoder.applyAsDouble(word);
        }
    }

    private static void multiply(
            Warp warp, PtxOperand.Register[] d, boolean adds, double[] rows, double[] columns, int k, ProductSum core) {
        for (int lane = 0; lane < Lanes.COUNT; lane++) {
            for (int i = 0; i < d.length; i++) {
                int row = lane / 4 + i / 2 % 2 * 8;
                int column = i / 4 * 8 + lane % 4 * 2 + i % 2;
                long before = adds ? warp.get(d[i].slot(), lane) : 0;
                warp.set(d[i], lane, core.add(before, rows, row * k, columns, column * k, k));
            }
        }
    }

    /** The warp's 16 rows of A: a lane has 32 bits of row lane / 4, then of eight rows further down, of the first half of the step. */
    private static double[] ofRegisters(Warp warp, int[] registers, Element format, int k) {
        double[] values = new double[ROWS * k];
        int numbers = Integer.SIZE / format.bits();
        long mask = (1L << format.bits()) - 1;
        for (int lane = 0; lane < Lanes.COUNT; lane++) {
            for (int i = 0; i < registers.length; i++) {
                int at = (lane / 4 + i % 2 * 8) * k + i / 2 * (k / 2) + lane % 4 * numbers;
                long word = warp.get(registers[i], lane);
                for (int j = 0; j < numbers; j++) {
                    values[at + j] = format.decode(word >>> format.bits() * j & mask);
                }
            }
        }
        return values;
    }

    /** Rows of shared memory, decoded; who reads them is noted, and what is wrong with it found. */
    private static double[] read(Warp warp, SwizzledRows rows, int first, int count, Element format, int k) {
        double[] values = new double[count * k];
        int numbers = PIECE * Byte.SIZE / format.bits();
        for (int row = 0; row < count; row++) {
            for (int piece = 0; piece < STEP_BYTES / PIECE; piece++) {
                double[] read = piece(warp, rows.address(first + row, piece), format);
                System.arraycopy(read, 0, values, row * k + piece * numbers, numbers);
            }
        }
        return values;
    }

    /** The same where rows are what is added along: {@code k} of them, of {@code count} numbers each. */
    private static double[] readTransposed(Warp warp, SwizzledRows rows, int count, Element format, int k) {
        double[] values = new double[count * k];
        int numbers = PIECE * Byte.SIZE / format.bits();
        for (int row = 0; row < k; row++) {
            for (int piece = 0; piece < count / numbers; piece++) {
                double[] read = piece(warp, rows.address(row, piece), format);
                for (int i = 0; i < numbers; i++) {
                    values[(piece * numbers + i) * k + row] = read[i];
                }
            }
        }
        return values;
    }

    private static double[] piece(Warp warp, int at, Element format) {
        Area shared = warp.block.shared;
        int width = format.bits() / Byte.SIZE;
        double[] values = new double[PIECE / width];
        if (!shared.contains(at, PIECE)) {
            outside(warp, at, shared);
            return values;
        }
        TensorAccess.check(warp, shared, at, PIECE);
        // What nobody has written must not be seen in any result.
        boolean written = shared.isWritten(at, PIECE);
        for (int i = 0; i < values.length; i++) {
            values[i] = written ? format.decode(shared.get(at + i * width, width)) : Double.NaN;
        }
        return values;
    }

    private static void outside(Warp warp, int at, Area shared) {
        warp.block.launch.findings.add(
                Finding.Kind.OUT_OF_BOUNDS,
                warp,
                "warp " + warp.index + " of block " + warp.block.index + " reads byte " + at + " of " + shared
                        + ", which has " + shared.bytes.length);
    }
}
