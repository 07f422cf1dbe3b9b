package org.mxforge.runtime.tune.device;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.MxQuantizeArguments;
import org.mxforge.dsl.launch.MxQuantizeOutput;
import org.mxforge.dsl.launch.PrologueOperands;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.QuantizeShape;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.driver.DeviceArena;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;
import org.mxforge.runtime.cuda.launch.ReadyKernel;

/** One reorder-quantize set up on a GPU, on which variants of its kernel can be run, checked and timed. */
final class DeviceQuantizer implements AutoCloseable {
    private final MxQuantizeSpec spec;
    private final OperandLayout layout;
    private final QuantizeShape shape;
    private final OperandCopies<QuantizeSet> sets;

    /**
     * @param copies operand sets that are wanted, as far as there is room
     * @throws org.mxforge.runtime.base.MxForgeException if GPU memory does not suffice
     */
    DeviceQuantizer(CudaContext gpu, MxQuantizeProblem problem, int copies) {
        this.spec = problem.spec();
        this.layout = problem.layout();
        this.shape = problem.shape();
        RowPattern rows = problem.pattern();
        byte[] x = ScalarBytes.of(rows.x(), spec.source());
        byte[] weight = ScalarBytes.of(rows.weight(), ScalarType.BF16);
        byte[] centre = ScalarBytes.of(rows.centre(), ScalarType.BF16);
        this.sets = new OperandCopies<>(gpu, copies, (memory, stream) -> number -> {
            DeviceBuffer input = repeated(memory, x, problem.width());
            PrologueOperands prologue =
                    switch (spec.prologue()) {
                        case NONE -> new PrologueOperands.None();
                        case RMSNORM ->
                            new PrologueOperands.RmsNorm(
                                    memory.upload("a norm's weight", weight).address(), rows.epsilon());
                        case RMSNORM_CENTRED ->
                            new PrologueOperands.RmsNormCentred(
                                    memory.upload("a norm's weight", weight).address(),
                                    memory.upload("a norm's centre", centre).address(),
                                    rows.epsilon());
                        case SILU_MUL -> new PrologueOperands.SiluMul();
                    };
            long index = spec.rows().indexed()
                    ? memory.upload(
                                    "the numbers of rows",
                                    IntStream.range(0, shape.m()).toArray())
                            .address()
                    : 0;
            return set(memory, input.address(), prologue, memory.upload("a reorder index", rows.order()), index);
        });
    }

    private DeviceBuffer repeated(DeviceArena memory, byte[] pattern, int width) {
        long bytes = (long) shape.m() * width * spec.source().bytes();
        DeviceBuffer buffer = memory.allocate("a quantizer's input", bytes);
        for (long at = 0; at < bytes; at += pattern.length) {
            buffer.upload(
                    at, bytes - at < pattern.length ? Arrays.copyOf(pattern, Math.toIntExact(bytes - at)) : pattern);
        }
        return buffer;
    }

    private QuantizeSet set(DeviceArena memory, long input, PrologueOperands prologue, DeviceBuffer order, long index) {
        boolean folded = layout.isFolded();
        List<GuardedOutput> codes = new ArrayList<>();
        List<GuardedOutput> scales = new ArrayList<>();
        List<MxQuantizeOutput> outputs = new ArrayList<>();
        for (int i = 0; i < shape.k().size(); i++) {
            int channels = shape.k().get(i);
            codes.add(GuardedOutput.allocate(
                    memory,
                    "a quantizer's codes",
                    layout.elementBytes(spec.formats().get(i), shape.m(), channels)));
            if (!folded || i == 0) {
                scales.add(GuardedOutput.allocate(
                        memory,
                        "a quantizer's scales",
                        layout.scaleBytes(shape.m(), channels / spec.groups().size())));
            }
            outputs.add(new MxQuantizeOutput(
                    codes.get(i).address(), scales.get(scales.size() - 1).address(), channels));
        }
        return new QuantizeSet(
                new MxQuantizeArguments(shape.m(), shape.channels(), input, prologue, order.address(), index, outputs),
                codes,
                scales);
    }

    /**
     * The result of {@code kernel}.
     *
     * @throws org.mxforge.runtime.base.MxForgeException if it fails or writes outside its outputs
     */
    QuantizedBytes run(ReadyKernel<Object> kernel) {
        QuantizeSet set = sets.first();
        set.outputs().forEach(output -> output.poison(sets.stream()));
        set.launch(kernel, sets.stream());
        return new QuantizedBytes(
                set.codes().stream().map(output -> output.written(kernel)).toList(),
                set.scales().stream().map(output -> output.written(kernel)).toList());
    }

    /** What variants are timed on; closed with this. */
    OperandCopies<?> sets() {
        return sets;
    }

    @Override
    public void close() {
        sets.close();
    }
}
