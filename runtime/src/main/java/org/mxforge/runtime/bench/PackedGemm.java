package org.mxforge.runtime.bench;

import java.util.ArrayList;
import java.util.List;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.cuda.CudaContext;
import org.mxforge.runtime.cuda.CudaStream;
import org.mxforge.runtime.cuda.PackedOperand;
import org.mxforge.runtime.cuda.ReadyKernel;
import org.mxforge.runtime.cuda.launch.MxGemmArguments;
import org.mxforge.runtime.cuda.launch.MxGemmOperands;

/** A mixed GEMM in one launch, from operands as they are packed in a checkpoint. */
final class PackedGemm implements BenchKernel {
    private static final long ACTIVATION_SEED = 8;
    private static final long WEIGHT_SEED = 16;

    private final ReadyKernel<MxGemmArguments> kernel;
    private final OperandSets memory;
    private final List<MxGemmArguments> arguments = new ArrayList<>();
    private final double bytes;
    private final double flops;

    PackedGemm(CudaContext gpu, ReadyKernel<MxGemmArguments> kernel, FormatMix formats, int m, WeightShape weight) {
        MxGemmSpec spec = (MxGemmSpec) kernel.variant().spec();
        double read =
                formats.bytes(Side.ACTIVATION, m, weight.k()) + formats.bytes(Side.WEIGHT, weight.n(), weight.k());
        long written = (long) m * weight.n() * spec.output().bytes();
        this.kernel = kernel;
        this.bytes = read + written;
        this.flops = 2.0 * m * weight.n() * weight.k();
        this.memory = new OperandSets(gpu);
        try {
            ChannelSplit split = formats.split(weight.k());
            int sets = OperandSets.count(read);
            List<PackedOperand> a =
                    memory.packed(RandomOperands.packed(split, Side.ACTIVATION, m, ACTIVATION_SEED), sets);
            List<PackedOperand> b =
                    memory.packed(RandomOperands.packed(split, Side.WEIGHT, weight.n(), WEIGHT_SEED), sets);
            for (int set = 0; set < sets; set++) {
                long d = memory.poisoned(written).address();
                arguments.add(new MxGemmArguments(m, weight.n(), operands(a.get(set), b.get(set)), 0, d));
            }
        } catch (RuntimeException e) {
            memory.close();
            throw e;
        }
    }

    private static List<MxGemmOperands> operands(PackedOperand a, PackedOperand b) {
        List<MxGemmOperands> operands = new ArrayList<>();
        for (int i = 0; i < a.parts().size(); i++) {
            PackedOperand.Part left = a.parts().get(i);
            PackedOperand.Part right = b.parts().get(i);
            operands.add(new MxGemmOperands(
                    left.codes().address(),
                    left.scales().address(),
                    right.codes().address(),
                    right.scales().address(),
                    left.channels()));
        }
        return operands;
    }

    @Override
    public int sets() {
        return arguments.size();
    }

    @Override
    public void launch(CudaStream stream, int set) {
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
