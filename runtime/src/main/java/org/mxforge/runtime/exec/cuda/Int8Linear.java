package org.mxforge.runtime.exec.cuda;

import java.util.List;
import org.mxforge.dsl.launch.Int8GemmArguments;
import org.mxforge.dsl.launch.Int8QuantizeArguments;
import org.mxforge.dsl.layout.Int8Tile;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.Int8GemmSpec;
import org.mxforge.dsl.spec.Int8QuantizeSpec;
import org.mxforge.dsl.spec.Prologue;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;
import org.mxforge.runtime.exec.spi.LinearInput;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.quant.PlainWeight;

/**
 * A layer in INT8, which quantizes its input token by token, fused with the step before it.
 *
 * @param codes [outputs][channels] in {@link Int8Tile}s
 * @param scales FP32 [outputs]
 */
record Int8Linear(Gpu gpu, DeviceBuffer codes, DeviceBuffer scales, DeviceBuffer bias, int outputs, int channels)
        implements CudaLinear {
    /** A layer with this weight, whose rows become INT8 as tokens do. */
    static Int8Linear of(Gpu gpu, PlainWeight weight, DeviceBuffer bias) {
        String purpose = "a weight of " + weight.outputs() + "x" + weight.channels() + " in int8";
        DeviceBuffer codes = gpu.lasting(purpose, Int8Tile.bytes(weight.outputs(), weight.channels()));
        DeviceBuffer scales = gpu.lasting("the scales of " + purpose, (long) weight.outputs() * Float.BYTES);
        PlainRows rows = PlainRows.of(gpu, weight);
        rows.bring((address, first, count) -> gpu.launch(
                new Int8QuantizeSpec(Prologue.NONE, rows.type()),
                new Int8QuantizeArguments(
                        count,
                        weight.channels(),
                        address,
                        0,
                        0,
                        codes.address() + Int8Tile.bytes(first, weight.channels()),
                        scales.address() + (long) first * Float.BYTES)));
        return new Int8Linear(gpu, codes, scales, bias, weight.outputs(), weight.channels());
    }

    /**
     * Quantized activations.
     *
     * @param memory codes, [rows][channels] in tiles, and behind them scales, FP32 [rows]
     */
    private record Input(Scratch memory, int rows, int channels) implements LinearInput {
        long scales() {
            return memory.address() + Int8Tile.bytes(rows, channels);
        }

        @Override
        public void close() {
            memory.close();
        }
    }

    @Override
    public LinearInput prepare(LinearInput.Step step, CudaMatrix x) {
        int rows = x.rows();
        Input made = new Input(
                gpu.scratch(
                        "a layer input of " + rows + " rows in int8",
                        Int8Tile.bytes(rows, channels) + (long) Float.BYTES * rows),
                rows,
                channels);
        long weight = 0;
        float epsilon = 0;
        Prologue prologue = step instanceof LinearInput.Step.SiluMul ? Prologue.SILU_MUL : Prologue.NONE;
        if (step instanceof LinearInput.Step.RmsNorm norm) {
            // A centre, which no model in INT8 has, is refused by the spec.
            prologue = norm.centre().isPresent() ? Prologue.RMSNORM_CENTRED : Prologue.RMSNORM;
            weight = CudaVector.of(norm.weight(), channels).address();
            epsilon = norm.epsilon();
        }
        gpu.launch(
                new Int8QuantizeSpec(prologue, x.type()),
                new Int8QuantizeArguments(
                        rows,
                        channels,
                        x.address(),
                        weight,
                        epsilon,
                        made.memory().address(),
                        made.scales()));
        return made;
    }

    @Override
    public void multiply(LinearInput input, Epilogue epilogue, long operand, CudaMatrix out) {
        if (!(input instanceof Input made) || made.channels() != channels) {
            throw new IllegalArgumentException("an INT8 layer of " + channels + " channels was given another input");
        }
        gpu.launch(
                new KernelProblem(new Int8GemmSpec(epilogue, out.type()), OperandLayout.PLAIN),
                new GemmShape(made.rows(), outputs, List.of(channels)),
                new Int8GemmArguments(
                        made.rows(),
                        outputs,
                        channels,
                        made.memory().address(),
                        codes.address(),
                        made.scales(),
                        scales.address(),
                        operand,
                        out.address()));
    }
}
