package org.mxforge.runtime.check;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.MxGemmArguments;
import org.mxforge.dsl.launch.MxGemmOperands;
import org.mxforge.dsl.layout.ContainerTile;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.tile.RingTiling;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.cpu.CpuMxGemm;
import org.mxforge.runtime.oracle.ErrorBound;
import org.mxforge.runtime.oracle.FoldedValues;
import org.mxforge.runtime.oracle.ReferenceGemm;
import org.mxforge.runtime.pack.FoldedMatrix;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.PackedPartition;

/** Mixed products. */
record MxGemmTrial(MxGemmSpec spec) implements Trial {
    /** Intervals beyond have no useful bound. */
    private static final int LONGEST_SUM = 1024;

    /** A NaN in E8M0. */
    private static final byte NAN_SCALE = (byte) 0xff;

    static List<Extent> channels(MxGemmSpec spec) {
        int multiple = spec.groups().channelMultiple();
        int partitions = spec.pairs().size();
        return List.of(
                new Extent("k", 3 * multiple, multiple, multiple, Math.max(2, 10 / partitions) * multiple, partitions));
    }

    @Override
    public List<Extent> extents() {
        List<Extent> all = new ArrayList<>(channels(spec));
        all.add(Extent.any("m", 40, 150));
        all.add(outputs(spec.epilogue()));
        return all;
    }

    /** Rows of B. */
    static Extent outputs(Epilogue epilogue) {
        int multiple = epilogue.rowMultiple();
        return multiple == 1
                ? Extent.any("n", 72, 150)
                : Extent.of("n", 5 * multiple, multiple, multiple, 9 * multiple);
    }

    @Override
    public Set<Data> data() {
        return EnumSet.allOf(Data.class);
    }

    @Override
    public boolean isExact(KernelSpec unused, Data data) {
        return isExact(spec.epilogue(), data);
    }

    /** The exponential of SiLU is not exact. */
    static boolean isExact(Epilogue epilogue, Data data) {
        return data == Data.EXACT && !epilogue.hasSilu();
    }

    @Override
    public Launched launch(CheckCase of, Operands operands) {
        OperandLayout layout = of.variant().algorithm().layout(Side.WEIGHT);
        int m = of.sizes().get("m");
        int n = of.sizes().get("n");
        Product product = Product.of(spec, layout, of, m, n);
        long d = operands.room("d", spec.output(), (long) m * spec.epilogue().columns(n));
        MxGemmArguments arguments = new MxGemmArguments(
                m, n, partitions(product, 1, operands), operand(spec, product.operand(), operands), d);
        return new Launched(arguments, wanted(of, product, d));
    }

    @Override
    public List<Wanted> run(CheckCase of, Host host) {
        Product product = Product.of(
                spec, OperandLayout.ROWS, of, of.sizes().get("m"), of.sizes().get("n"));
        float[] out = new float[product.m() * spec.epilogue().columns(product.n())];
        host.runner()
                .run(
                        host.kernel(of.variant(), CpuMxGemm.class),
                        product.activation(),
                        product.weight(),
                        product.operand(),
                        out);
        return List.of(wanted(of, product, 0).in(Operands.bytes(ScalarType.FP32, out)));
    }

    static long operand(MxGemmSpec spec, float[] values, Operands operands) {
        return values.length == 0
                ? 0
                : operands.numbers(
                        "operand of the epilogue", Product.operandType(spec.epilogue(), spec.output()), values);
    }

    /** Both operands on the device, weights of so many experts. */
    static List<MxGemmOperands> partitions(Product product, int experts, Operands operands) {
        return product.layout().isFolded() ? folded(product, experts, operands) : packed(product, experts, operands);
    }

    private static List<MxGemmOperands> packed(Product product, int experts, Operands operands) {
        List<MxGemmOperands> partitions = new ArrayList<>();
        for (int i = 0; i < product.spec().pairs().size(); i++) {
            PackedPartition a = product.activation().partitions().get(i);
            PackedPartition b = product.weight().partitions().get(i);
            int partition = i;
            List<byte[]> scales = perExpert(product.weight(), experts).stream()
                    .map(weight -> scales(weight.partitions().get(partition), product.layout()))
                    .toList();
            partitions.add(new MxGemmOperands(
                    operands.bytes("codes of A, partition " + i, a.codes()),
                    operands.bytes("scales of A, partition " + i, scales(a, product.layout())),
                    operands.bytes("codes of B, partition " + i, b.codes()),
                    operands.bytes("scales of B, partition " + i, joined(scales)),
                    a.channels()));
        }
        return partitions;
    }

    /** The scales as {@code layout} places them, with NaN where it has padding, whose content a kernel must not take for a scale. */
    private static byte[] scales(PackedPartition partition, OperandLayout layout) {
        byte[] placed = partition.scales(layout);
        BitSet used = new BitSet(placed.length);
        for (int row = 0; row < partition.rows(); row++) {
            for (int group = 0; group < partition.rowScales(); group++) {
                used.set(Math.toIntExact(layout.scaleOffset(row, group, partition.rowScales())));
            }
        }
        for (int at = used.nextClearBit(0); at < placed.length; at = used.nextClearBit(at + 1)) {
            placed[at] = NAN_SCALE;
        }
        return placed;
    }

    private static List<MxGemmOperands> folded(Product product, int experts, Operands operands) {
        FoldedMatrix a =
                fold(product.spec(), product.activation(), product.layout().activations(), Side.ACTIVATION);
        List<FoldedMatrix> b = perExpert(product.weight(), experts).stream()
                .map(weight -> fold(product.spec(), weight, product.layout(), Side.WEIGHT))
                .toList();
        long left = operands.floats("factors of A", a.factors());
        long right = operands.bytes(
                "factors of B",
                joined(b.stream()
                        .map(weight -> Operands.bytes(ScalarType.FP32, weight.factors()))
                        .toList()));
        List<MxGemmOperands> partitions = new ArrayList<>();
        for (int i = 0; i < product.spec().pairs().size(); i++) {
            int partition = i;
            partitions.add(new MxGemmOperands(
                    operands.bytes("A, partition " + i, a.partitions().get(i).tiles()),
                    left,
                    operands.bytes(
                            "B, partition " + i,
                            joined(b.stream()
                                    .map(weight ->
                                            weight.partitions().get(partition).tiles())
                                    .toList())),
                    right,
                    a.partitions().get(i).channels()));
        }
        return partitions;
    }

    static FoldedMatrix fold(MxGemmSpec spec, PackedMatrix matrix, OperandLayout layout, Side side) {
        return FoldedMatrix.fold(matrix, layout, side, spec.tolerance());
    }

    private static List<PackedMatrix> perExpert(PackedMatrix weights, int experts) {
        int n = weights.rows() / experts;
        return IntStream.range(0, experts)
                .mapToObj(expert -> weights.withRows(
                        IntStream.range(expert * n, (expert + 1) * n).toArray()))
                .toList();
    }

    private static byte[] joined(List<byte[]> parts) {
        byte[] all = new byte[parts.stream().mapToInt(part -> part.length).sum()];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    /** What D must be. */
    static Wanted wanted(CheckCase of, Product product, long d) {
        MxGemmSpec spec = product.spec();
        ReferenceGemm reference = reference(product);
        if (isExact(spec.epilogue(), of.data())) {
            return Wanted.of("d", d, spec.output(), reference.columns(), reference.result(spec.output()));
        }
        ErrorBound bound = bound(of, product, reference.channels());
        return bounded(reference, bound, spec.epilogue(), lost(product), d);
    }

    /** D within {@code bound} of the reference. */
    static Wanted bounded(ReferenceGemm reference, ErrorBound bound, Epilogue epilogue, BitSet lost, long d) {
        int n = reference.columns();
        double[] values = new double[reference.rows() * n];
        double[] allowed = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = reference.value(i / n, i % n);
            allowed[i] = bound.allowed(reference, i / n, i % n);
            if (lost.get(i)) {
                allowed[i] = Double.POSITIVE_INFINITY;
            } else if (epilogue.hasSilu()) {
                allowed[i] += Rounding.SILU_FLUSHED * Math.abs(reference.siluFactor(i / n, i % n));
            } else if (Double.isInfinite(values[i])) {
                allowed[i] = 0;
            }
        }
        return Wanted.of("d", d, bound.output(), n, values).within(allowed);
    }

    private static ErrorBound bound(CheckCase of, Product product, int channels) {
        ScalarType output = product.spec().output();
        if (!of.variant().target().isGpu() || of.data() == Data.EXACT) {
            return ErrorBound.nearest(output);
        }
        OperandLayout layout = product.layout();
        boolean narrow =
                layout.isFolded() && product.spec().pairs().stream().anyMatch(pair -> !layout.widens(pair.weight()));
        ErrorBound wide = ErrorBound.tensorCore(output);
        return narrow
                ? new ErrorBound(
                        wide.unit()
                                + ErrorBound.fp8TensorCore(interval(of, channels), channels, output)
                                        .unit(),
                        output)
                : wide;
    }

    /** Channels that FP8 tensor cores sum before FP32 does. */
    private static int interval(CheckCase of, int channels) {
        int promotion = of.variant().tiling() instanceof RingTiling
                ? ContainerTile.CHANNELS
                : of.variant().configuration().values().getOrDefault("promote", 0);
        int interval = promotion > 0 ? promotion : (channels + 31) / 32 * 32;
        if (interval > LONGEST_SUM) {
            throw new MxForgeException("FP8 sums over " + interval
                    + " channels have no useful bound: give fewer channels, a configuration with promote, or"
                    + " data=exact.");
        }
        return interval;
    }

    /**
     * The elements that are not judged: sums are multiplied by the product of both factors, and where that is below the least number of
     * FP32, nothing is left of them. Containers being less than 2^16 each, only results below some 2^-110 can be lost so.
     */
    private static BitSet lost(Product product) {
        BitSet lost = new BitSet();
        if (product.layout().isFolded()) {
            float[] a = fold(
                            product.spec(),
                            product.activation(),
                            product.layout().activations(),
                            Side.ACTIVATION)
                    .factors();
            float[] b = fold(product.spec(), product.weight(), product.layout(), Side.WEIGHT)
                    .factors();
            boolean pairs = product.spec().epilogue() == Epilogue.SWIGLU;
            int n = product.spec().epilogue().columns(product.n());
            for (int i = 0; i < product.m() * n; i++) {
                float token = a[i / n];
                int column = i % n;
                lost.set(
                        i,
                        pairs
                                ? token * b[Epilogue.gateRow(column)] == 0 || token * b[Epilogue.upRow(column)] == 0
                                : token * b[column] == 0);
            }
        }
        return lost;
    }

    /** The oracle, on what tensor cores read where scales are folded: what rounding that costs is no fault of the kernel. */
    static ReferenceGemm reference(Product product) {
        MxGemmSpec spec = product.spec();
        if (!product.layout().isFolded()) {
            return ReferenceGemm.of(product.activation(), product.weight(), spec.epilogue(), product.operand());
        }
        float[] a = values(spec, product.activation(), product.layout().activations(), Side.ACTIVATION);
        float[] b = values(spec, product.weight(), product.layout(), Side.WEIGHT);
        int m = product.m();
        int n = product.n();
        return ReferenceGemm.dense(a, b, m, n, a.length / m, spec.epilogue(), product.operand());
    }

    private static float[] values(MxGemmSpec spec, PackedMatrix matrix, OperandLayout layout, Side side) {
        double[] wide = FoldedValues.of(fold(spec, matrix, layout, side), layout, side);
        float[] values = new float[wide.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) wide[i];
        }
        return values;
    }
}
