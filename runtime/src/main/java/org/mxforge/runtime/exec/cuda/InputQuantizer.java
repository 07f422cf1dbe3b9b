package org.mxforge.runtime.exec.cuda;

import java.util.ArrayList;
import java.util.List;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.MxQuantizeArguments;
import org.mxforge.dsl.launch.MxQuantizeOutput;
import org.mxforge.dsl.launch.PrologueOperands;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.layout.Partition;
import org.mxforge.dsl.shape.QuantizeShape;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.spec.Prologue;
import org.mxforge.dsl.spec.Tolerance;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;
import org.mxforge.runtime.exec.spi.LinearInput;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.quant.InputQuantization;

/**
 * Quantizes the input that several layers share, the step before it fused in.
 *
 * @param quantization split, order, rule and transform
 * @param layout how the weights lie that its result is multiplied with, which decides how the result lies
 * @param scope which algorithms may multiply
 * @param tolerance whether elements may be rounded when scales are folded into them
 * @param order the reorder index, INT32 [channels]
 * @param pairs the formats of the partitions
 * @param channels of each partition
 */
record InputQuantizer(
        Gpu gpu,
        InputQuantization quantization,
        OperandLayout layout,
        KernelProblem.Scope scope,
        Tolerance tolerance,
        DeviceBuffer order,
        List<FormatPair> pairs,
        List<Integer> channels) {
    /** Partitions begin at multiples of this, as freshly allocated memory does. */
    private static final long ALIGNMENT = 256;

    static InputQuantizer of(
            Gpu gpu,
            InputQuantization quantization,
            OperandLayout layout,
            KernelProblem.Scope scope,
            Tolerance tolerance) {
        var quantizer = new InputQuantizer(
                gpu,
                quantization,
                layout,
                scope,
                tolerance,
                gpu.lasting("a reorder index", quantization.order()),
                quantization.split().pairs(),
                quantization.split().partitions().stream()
                        .map(Partition::channels)
                        .toList());
        // What decoders ask for: norms read the residual stream.
        quantizer.expect(Prologue.NONE, ScalarType.BF16, MxQuantizeSpec.Rows.ALL);
        quantizer.expect(Prologue.RMSNORM, ScalarType.FP32, MxQuantizeSpec.Rows.ALL);
        quantizer.expect(Prologue.SILU_MUL, ScalarType.BF16, MxQuantizeSpec.Rows.ALL);
        return quantizer;
    }

    /** Begins to compile the kernel of such inputs. */
    void expect(Prologue prologue, ScalarType source, MxQuantizeSpec.Rows choice) {
        gpu.expect(new KernelProblem(spec(prologue, source).with(choice), written()));
    }

    /** How the result lies. */
    private OperandLayout written() {
        return layout.activations();
    }

    /** {@code x} through {@code step}, quantized. */
    MxInput quantize(LinearInput.Step step, CudaMatrix x) {
        return quantize(step, x, x.rows(), MxQuantizeSpec.Rows.ALL, 0);
    }

    /**
     * Rows of {@code x} by an index, through {@code step}, quantized.
     *
     * @param rows how many the result has
     * @param choice which they are
     * @param index address of their numbers, INT32 [rows]
     */
    MxInput quantize(LinearInput.Step step, CudaMatrix x, int rows, MxQuantizeSpec.Rows choice, long index) {
        MxQuantizeSpec spec = spec(prologue(step), x.type()).with(choice);
        boolean folded = layout.isFolded();
        // All partitions of a folded input share the factors of the rows, which come first.
        long factors = folded ? align(written().scaleBytes(rows, 1)) : 0;
        List<Long> codes = new ArrayList<>();
        List<Long> scales = new ArrayList<>();
        long bytes = factors;
        for (int i = 0; i < channels.size(); i++) {
            codes.add(bytes);
            bytes += align(written().elementBytes(pairs.get(i).activation(), rows, channels.get(i)));
            scales.add(folded ? 0 : bytes);
            bytes += folded ? 0 : align(written().scaleBytes(rows, channels.get(i) / GroupLayout.GROUP));
        }
        Scratch memory = gpu.scratch("a quantized layer input of " + rows + " rows", bytes);
        List<MxQuantizeOutput> outputs = new ArrayList<>();
        for (int i = 0; i < channels.size(); i++) {
            outputs.add(new MxQuantizeOutput(
                    memory.address() + codes.get(i), memory.address() + scales.get(i), channels.get(i)));
        }
        gpu.launch(
                new KernelProblem(spec, written()),
                new QuantizeShape(rows, channels),
                new MxQuantizeArguments(
                        rows,
                        quantization.split().channels(),
                        x.address(),
                        operands(step),
                        order.address(),
                        index,
                        outputs));
        return new MxInput(this, memory, rows, List.copyOf(outputs));
    }

    private MxQuantizeSpec spec(Prologue prologue, ScalarType source) {
        List<ElementFormat> formats = pairs.stream().map(FormatPair::activation).toList();
        return MxQuantizeSpec.activation(formats, quantization.rule(), prologue, source, tolerance)
                .with(quantization.transform());
    }

    private static Prologue prologue(LinearInput.Step step) {
        if (step instanceof LinearInput.Step.RmsNorm norm) {
            return norm.centre().isPresent() ? Prologue.RMSNORM_CENTRED : Prologue.RMSNORM;
        }
        return step instanceof LinearInput.Step.SiluMul ? Prologue.SILU_MUL : Prologue.NONE;
    }

    private PrologueOperands operands(LinearInput.Step step) {
        if (step instanceof LinearInput.Step.RmsNorm norm) {
            int width = quantization.split().channels();
            long weight = CudaVector.of(norm.weight(), width).address();
            return norm.centre()
                    .<PrologueOperands>map(centre -> new PrologueOperands.RmsNormCentred(
                            weight, CudaVector.of(centre, width).address(), norm.epsilon()))
                    .orElseGet(() -> new PrologueOperands.RmsNorm(weight, norm.epsilon()));
        }
        return step instanceof LinearInput.Step.SiluMul ? new PrologueOperands.SiluMul() : new PrologueOperands.None();
    }

    private static long align(long bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
}
