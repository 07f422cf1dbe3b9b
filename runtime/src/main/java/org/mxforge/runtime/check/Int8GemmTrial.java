package org.mxforge.runtime.check;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.Int8GemmArguments;
import org.mxforge.dsl.layout.Int8Tile;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.Int8GemmSpec;
import org.mxforge.dsl.spec.KernelSpec;

/** Products of INT8 operands, step by step as the spec says: all roundings are given, so that bits are, but for SiLU's exponential. */
record Int8GemmTrial(Int8GemmSpec spec) implements Trial {
    /** Of silu(x) * up in FP32, and of what is beyond the rows. */
    private static final double SILU = 0x1p-16;

    private static final byte BEYOND = 99;

    @Override
    public List<Extent> extents() {
        return List.of(Extent.any("m", 40, 150), MxGemmTrial.outputs(spec.epilogue()), Extent.of("k", 96, 16, 16, 400));
    }

    @Override
    public Set<Data> data() {
        return EnumSet.of(Data.EXACT, Data.RANDOM, Data.ZEROS, Data.NONFINITE);
    }

    @Override
    public boolean isExact(KernelSpec unused, Data data) {
        return !spec.epilogue().hasSilu();
    }

    @Override
    public Launched launch(CheckCase of, Operands operands) {
        int m = of.sizes().get("m");
        int n = of.sizes().get("n");
        int k = of.sizes().get("k");
        Draw draw = Draw.of(of);
        byte[] a = codes(draw, of.data(), m * k);
        byte[] b = codes(draw, of.data(), n * k);
        float[] rowScales = scales(draw, of.data(), m);
        float[] columnScales = scales(draw, of.data(), n);
        ScalarType type = Product.operandType(spec.epilogue(), spec.output());
        float[] operand = draw.numbers(type, Product.count(spec.epilogue(), m, n));
        int columns = spec.epilogue().columns(n);
        long d = operands.room("d", spec.output(), (long) m * columns);
        double[] values = new double[m * columns];
        double[] allowed = new double[isExact(spec, of.data()) ? 0 : values.length];
        Sums sums = (row, column) -> sum(a, row * k, b, column * k, k) * (rowScales[row] * columnScales[column]);
        for (int i = 0; i < values.length; i++) {
            int row = i / columns;
            int column = i % columns;
            boolean pairs = spec.epilogue() == Epilogue.SWIGLU;
            float scaled = sums.of(row, pairs ? Epilogue.gateRow(column) : column);
            float factor = pairs ? sums.of(row, Epilogue.upRow(column)) : operand.length > i ? operand[i] : 0;
            values[i] = switch (spec.epilogue()) {
                case NONE -> scaled;
                case BIAS -> scaled + operand[column];
                case RESIDUAL -> scaled + operand[i];
                case SILU_MUL, SWIGLU -> scaled / (1 + Math.exp(-scaled)) * factor;
            };
            if (allowed.length > 0) {
                allowed[i] = Rounding.of(spec.output(), values[i])
                        + SILU * Math.abs(values[i])
                        + Rounding.SILU_FLUSHED * Math.abs(factor)
                        + Rounding.FLUSHED;
            } else {
                values[i] = Draw.rounded(spec.output(), (float) values[i]);
            }
        }
        return new Launched(
                new Int8GemmArguments(
                        m,
                        n,
                        k,
                        operands.bytes("a", tiles(a, m, k)),
                        operands.bytes("b", tiles(b, n, k)),
                        operands.floats("scales of a", rowScales),
                        operands.floats("scales of b", columnScales),
                        operand.length == 0 ? 0 : operands.numbers("operand of the epilogue", type, operand),
                        d),
                Wanted.of("d", d, spec.output(), n, values).within(allowed));
    }

    private interface Sums {
        float of(int row, int column);
    }

    private static int sum(byte[] a, int fromA, byte[] b, int fromB, int k) {
        int sum = 0;
        for (int i = 0; i < k; i++) {
            sum += a[fromA + i] * b[fromB + i];
        }
        return sum;
    }

    private static byte[] codes(Draw draw, Data data, int count) {
        byte[] codes = new byte[count];
        for (int i = 0; i < count; i++) {
            boolean zero = data == Data.ZEROS && draw.random().nextInt(3) > 0;
            // One in four is as large as it can be.
            int code = draw.random().nextInt(4) == 0 ? 127 : draw.random().nextInt(-127, 128);
            codes[i] = (byte) (zero ? 0 : code);
        }
        return codes;
    }

    private static float[] scales(Draw draw, Data data, int count) {
        float[] scales = new float[count];
        for (int i = 0; i < count; i++) {
            scales[i] = switch (data) {
                case EXACT -> Math.scalb(1f, draw.random().nextInt(-9, 2));
                case NONFINITE -> draw.random().nextInt(4) == 0 ? draw.of(Float.NaN, Float.POSITIVE_INFINITY) : 1;
                default -> (float) Math.exp(draw.random().nextDouble(-8, 0)) / 127;
            };
        }
        return scales;
    }

    /** What is beyond the rows must not matter. */
    private static byte[] tiles(byte[] codes, int rows, int k) {
        byte[] tiles = new byte[Math.toIntExact(Int8Tile.bytes(rows, k))];
        Arrays.fill(tiles, BEYOND);
        for (int row = 0; row < rows; row++) {
            for (int channel = 0; channel < (k + 127) / 128 * 128; channel++) {
                tiles[(int) Int8Tile.offset(row, channel, k)] = channel < k ? codes[row * k + channel] : 0;
            }
        }
        return tiles;
    }
}
