package org.mxforge.runtime.exec.cuda;

import org.mxforge.codegen.kernel.gemm.Int8GemmKind;
import org.mxforge.dsl.launch.Int8GemmArguments;
import org.mxforge.dsl.launch.Int8QuantizeArguments;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.Int8GemmSpec;
import org.mxforge.dsl.spec.Int8QuantizeSpec;
import org.mxforge.dsl.spec.Prologue;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;
import org.mxforge.runtime.exec.spi.LinearInput;
import org.mxforge.runtime.quant.Int8Weight;

/**
 * A layer in INT8, which quantizes its input token by token, fused with the step before it.
 *
 * @param codes INT8 [outputs][channels]
 * @param scales FP32 [outputs]
 */
record Int8Linear(Gpu gpu, DeviceBuffer codes, DeviceBuffer scales, DeviceBuffer bias, int outputs, int channels)
        implements CudaLinear {
    /** A layer with this weight, which is uploaded. */
    static Int8Linear of(Gpu gpu, Int8Weight weight, DeviceBuffer bias) {
        String purpose = "a weight of " + weight.outputs() + "x" + weight.channels() + " in int8";
        return new Int8Linear(
                gpu,
                gpu.lasting(purpose, weight.codes()),
                gpu.lasting("the scales of " + purpose, weight.scales()),
                bias,
                weight.outputs(),
                weight.channels());
    }

    /**
     * Quantized activations.
     *
     * @param memory codes, INT8 [rows][channels], and behind them scales, FP32 [rows]
     */
    private record Input(Scratch memory, int rows, int channels) implements LinearInput {
        /** Rows have whole vectors of 16 bytes, so that these begin on one. */
        long scales() {
            return memory.address() + (long) rows * channels;
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
                gpu.scratch("a layer input of " + rows + " rows in int8", (long) rows * (channels + Float.BYTES)),
                rows,
                channels);
        long weight = 0;
        float epsilon = 0;
        Prologue prologue = step instanceof LinearInput.Step.SiluMul ? Prologue.SILU_MUL : Prologue.NONE;
        if (step instanceof LinearInput.Step.RmsNorm norm) {
            prologue = Prologue.RMSNORM;
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
                new Int8GemmSpec(epilogue, out.type()),
                Int8GemmKind.suiting(made.rows()),
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
