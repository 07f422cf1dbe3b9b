package org.mxforge.runtime.bench;

import java.util.ArrayList;
import java.util.List;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.spec.MxExpandSpec;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.bench.GemmVariant.Expanded;
import org.mxforge.runtime.cuda.CudaStream;
import org.mxforge.runtime.cuda.PackedOperand;
import org.mxforge.runtime.cuda.ReadyKernel;
import org.mxforge.runtime.cuda.launch.MxExpandArguments;
import org.mxforge.runtime.cuda.launch.MxGemmArguments;
import org.mxforge.runtime.cuda.launch.MxGemmOperands;

/** A mixed GEMM in one launch, and the launches that expand its operands before it. */
final class MixedGemm implements BenchKernel {
    private static final long ACTIVATION_SEED = 8;
    private static final long WEIGHT_SEED = 16;

    private final BenchGpu gpu;
    private final MxGemmSpec spec;
    private final ReadyKernel<MxGemmArguments> kernel;
    private final OperandSets memory;
    private final List<List<Expansion>> expansions = new ArrayList<>();
    private final List<MxGemmArguments> arguments = new ArrayList<>();
    private final double bytes;
    private final double flops;

    /** A pass over one partition of one operand. */
    private record Expansion(ReadyKernel<MxExpandArguments> kernel, MxExpandArguments arguments) {}

    MixedGemm(
            BenchGpu gpu,
            ReadyKernel<MxGemmArguments> kernel,
            Expanded expanded,
            FormatMix formats,
            int m,
            WeightShape weight) {
        this.gpu = gpu;
        this.spec = (MxGemmSpec) kernel.variant().spec();
        double read =
                formats.bytes(Side.ACTIVATION, m, weight.k()) + formats.bytes(Side.WEIGHT, weight.n(), weight.k());
        long written = (long) m * weight.n() * spec.output().bytes();
        this.kernel = kernel;
        this.bytes = read + written;
        this.flops = 2.0 * m * weight.n() * weight.k();
        this.memory = new OperandSets(gpu.context());
        try {
            int sets = OperandSets.count(read);
            ChannelSplit split = formats.split(weight.k());
            for (int set = 0; set < sets; set++) {
                expansions.add(new ArrayList<>());
            }
            List<PackedOperand> a = operands(split, m, Side.ACTIVATION, sets, expanded);
            List<PackedOperand> b = operands(split, weight.n(), Side.WEIGHT, sets, expanded);
            for (int set = 0; set < sets; set++) {
                long d = memory.poisoned(written).address();
                arguments.add(new MxGemmArguments(m, weight.n(), MxGemmOperands.of(a.get(set), b.get(set)), 0, d));
            }
        } catch (RuntimeException e) {
            memory.close();
            throw e;
        }
    }

    /** The pass that expands codes of {@code format} for a GEMM of {@code spec}. */
    static MxExpandSpec expansion(MxGemmSpec spec, ElementFormat format) {
        return new MxExpandSpec(format, spec.groups().scales());
    }

    /** What the kernel reads: laid out beforehand, or made from packed operands by passes that belong to each run. */
    private List<PackedOperand> operands(ChannelSplit split, int rows, Side side, int sets, Expanded expanded) {
        long seed = side == Side.ACTIVATION ? ACTIVATION_SEED : WEIGHT_SEED;
        RepeatedRows matrix = RepeatedRows.random(split, side, rows, seed);
        List<PackedOperand> laidOut = memory.packed(matrix, spec.groups(), side, sets);
        if (!expanded.has(side)) {
            return laidOut;
        }
        List<PackedOperand> packed = memory.packed(matrix, GroupLayout.TILED, side, sets);
        for (int set = 0; set < sets; set++) {
            for (int i = 0; i < split.partitions().size(); i++) {
                ElementFormat format = side.format(split.partitions().get(i).formats());
                PackedOperand.Part from = packed.get(set).parts().get(i);
                PackedOperand.Part to = laidOut.get(set).parts().get(i);
                expansions
                        .get(set)
                        .add(new Expansion(
                                gpu.kernel(expansion(spec, format)),
                                new MxExpandArguments(
                                        rows,
                                        from.channels(),
                                        from.codes().address(),
                                        from.scales().address(),
                                        to.scales().address(),
                                        to.codes().address())));
            }
        }
        return laidOut;
    }

    @Override
    public int sets() {
        return arguments.size();
    }

    @Override
    public void launch(CudaStream stream, int set) {
        for (Expansion expansion : expansions.get(set)) {
            expansion.kernel().launch(stream, expansion.arguments());
        }
        kernel.launch(stream, arguments.get(set));
    }

    @Override
    public double bytes() {
        return bytes;
    }

    @Override
    public double flops() {
        return flops;
    }

    @Override
    public void close() {
        memory.close();
    }
}
