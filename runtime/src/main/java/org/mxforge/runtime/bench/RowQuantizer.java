package org.mxforge.runtime.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.LongFunction;
import org.mxforge.dsl.launch.MxQuantizeArguments;
import org.mxforge.dsl.launch.MxQuantizeOutput;
import org.mxforge.dsl.launch.PrologueOperands;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;
import org.mxforge.runtime.cuda.launch.ReadyKernel;
import org.mxforge.runtime.tune.cost.QuantizeWork;

/** A reorder-quantize in the variant that the tuner chooses. */
final class RowQuantizer implements BenchKernel {
    private static final float EPSILON = 1e-5f;

    private final QuantizeCase subject;
    private final MxQuantizeSpec spec;
    private final QuantizeWork work;
    private final ReadyKernel<MxQuantizeArguments> kernel;
    private final BenchMemory memory;
    private final List<MxQuantizeArguments> arguments = new ArrayList<>();

    RowQuantizer(BenchGpu gpu, QuantizeCase subject, GroupLayout layout) {
        this.subject = subject;
        this.spec = subject.spec(layout);
        this.work = subject.work(layout);
        this.kernel = gpu.kernel(spec, gpu.choose(spec, subject.shape()));
        this.memory = new BenchMemory(gpu.context());
        try {
            int sets = BenchMemory.count(work.read());
            int rows = subject.rows();
            int channels = subject.channels();
            List<DeviceBuffer> inputs = memory.values(RandomOperands.values(rows, channels, 1), sets);
            List<PrologueOperands> prologues = prologues(sets);
            long order = memory.once(RandomOperands.order(channels, 3)).address();
            for (int set = 0; set < sets; set++) {
                arguments.add(new MxQuantizeArguments(
                        rows, channels, inputs.get(set).address(), prologues.get(set), order, outputs()));
            }
        } catch (RuntimeException e) {
            memory.close();
            throw e;
        }
    }

    private List<PrologueOperands> prologues(int sets) {
        return switch (subject.prologue()) {
            case NONE -> Collections.nCopies(sets, new PrologueOperands.None());
            case RMSNORM -> beside(1, sets, weight -> new PrologueOperands.RmsNorm(weight, EPSILON));
            case SILU_MUL -> beside(subject.rows(), sets, PrologueOperands.SiluMul::new);
        };
    }

    /** Operands of a prologue that reads {@code rows} rows of its own. */
    private List<PrologueOperands> beside(int rows, int sets, LongFunction<PrologueOperands> operands) {
        return memory.values(RandomOperands.values(rows, subject.channels(), 2), sets).stream()
                .map(buffer -> operands.apply(buffer.address()))
                .toList();
    }

    private List<MxQuantizeOutput> outputs() {
        List<MxQuantizeOutput> outputs = new ArrayList<>();
        boolean folded = spec.groups().scales().isFolded();
        // All partitions of a folded result share the factors of the rows.
        long factors = folded ? scales(subject.channels()) : 0;
        for (int channels : subject.shape().k()) {
            long codes = spec.codeBytes(outputs.size(), subject.rows(), channels);
            outputs.add(new MxQuantizeOutput(
                    memory.poisoned(codes).address(), folded ? factors : scales(channels), channels));
        }
        return outputs;
    }

    private long scales(int channels) {
        return memory.poisoned(spec.scaleBytes(subject.rows(), channels)).address();
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
        return work.bytes();
    }

    @Override
    public double flops() {
        return 0;
    }

    @Override
    public void close() {
        memory.close();
    }
}
