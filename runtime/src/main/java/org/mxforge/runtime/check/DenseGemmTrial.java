package org.mxforge.runtime.check;

import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.mxforge.dsl.format.ScalarArray;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.DenseGemmArguments;
import org.mxforge.dsl.layout.Bf16Tile;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.DenseGemmSpec;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.cpu.CpuDenseGemm;
import org.mxforge.runtime.oracle.ErrorBound;
import org.mxforge.runtime.oracle.ReferenceGemm;

/** Products of plain BF16 operands. */
record DenseGemmTrial(DenseGemmSpec spec) implements Trial {
    @Override
    public List<Extent> extents() {
        return List.of(Extent.any("m", 40, 150), MxGemmTrial.outputs(spec.epilogue()), Extent.of("k", 96, 8, 8, 300));
    }

    @Override
    public Set<Data> data() {
        return EnumSet.complementOf(EnumSet.of(Data.WINDOW));
    }

    @Override
    public boolean isExact(KernelSpec unused, Data data) {
        return MxGemmTrial.isExact(spec.epilogue(), data);
    }

    /** The operands in host memory. */
    private record Numbers(int m, int n, int k, float[] a, float[] b, float[] operand) {
        static Numbers of(DenseGemmSpec spec, CheckCase of) {
            Draw draw = Draw.of(of);
            int m = of.sizes().get("m");
            int n = of.sizes().get("n");
            int k = of.sizes().get("k");
            return new Numbers(
                    m,
                    n,
                    k,
                    draw.numbers(ScalarType.BF16, m * k),
                    draw.numbers(ScalarType.BF16, n * k),
                    draw.numbers(
                            Product.operandType(spec.epilogue(), spec.output()), Product.count(spec.epilogue(), m, n)));
        }
    }

    @Override
    public Launched launch(CheckCase of, Operands operands) {
        Numbers numbers = Numbers.of(spec, of);
        OperandLayout layout = of.variant().algorithm().layout(Side.WEIGHT);
        long d = operands.room(
                "d", spec.output(), (long) numbers.m * spec.epilogue().columns(numbers.n));
        return new Launched(
                new DenseGemmArguments(
                        numbers.m,
                        numbers.n,
                        numbers.k,
                        plain("a", layout, numbers.a, numbers.m, numbers.k, operands),
                        plain("b", layout, numbers.b, numbers.n, numbers.k, operands),
                        numbers.operand.length == 0
                                ? 0
                                : operands.numbers(
                                        "operand of the epilogue",
                                        Product.operandType(spec.epilogue(), spec.output()),
                                        numbers.operand),
                        d),
                wanted(of, numbers, d));
    }

    private static long plain(
            String name, OperandLayout layout, float[] values, int rows, int channels, Operands operands) {
        return layout == OperandLayout.PLAIN
                ? operands.bf16(name, values)
                : operands.bytes(name, tiles(values, rows, channels));
    }

    /** {@link Bf16Tile}s of zeros but for the values. */
    static byte[] tiles(float[] values, int rows, int channels) {
        float[] tiles = new float[Math.toIntExact(Bf16Tile.bytes(rows, channels) / Short.BYTES)];
        for (int i = 0; i < values.length; i++) {
            tiles[place(i, channels)] = values[i];
        }
        return Operands.bytes(ScalarType.BF16, tiles);
    }

    /** Where element i of plain rows is in {@link Bf16Tile}s. */
    static int place(int i, int channels) {
        return (int) (Bf16Tile.offset(i / channels, i % channels, channels) / Short.BYTES);
    }

    @Override
    public List<Wanted> run(CheckCase of, Host host) {
        Numbers numbers = Numbers.of(spec, of);
        float[] out = new float[numbers.m * spec.epilogue().columns(numbers.n)];
        CpuDenseGemm.Operands operands = new CpuDenseGemm.Operands(
                numbers.a, ScalarArray.rounded(ScalarType.BF16, numbers.b), numbers.n, numbers.k, numbers.operand, out);
        host.runner().run(host.kernel(of.variant(), CpuDenseGemm.class), operands, numbers.m);
        return List.of(wanted(of, numbers, 0).in(Operands.bytes(ScalarType.FP32, out)));
    }

    private Wanted wanted(CheckCase of, Numbers numbers, long d) {
        ReferenceGemm reference = ReferenceGemm.dense(
                numbers.a, numbers.b, numbers.m, numbers.n, numbers.k, spec.epilogue(), numbers.operand);
        if (isExact(spec, of.data())) {
            return Wanted.of("d", d, spec.output(), reference.columns(), reference.result(spec.output()));
        }
        ErrorBound bound = of.variant().target().isGpu() && of.data() != Data.EXACT
                ? ErrorBound.tensorCore(spec.output())
                : ErrorBound.nearest(spec.output());
        return MxGemmTrial.bounded(reference, bound, spec.epilogue(), new BitSet(), d);
    }
}
