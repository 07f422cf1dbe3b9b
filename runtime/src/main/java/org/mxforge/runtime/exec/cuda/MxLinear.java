package org.mxforge.runtime.exec.cuda;

import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.MxGemmArguments;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;
import org.mxforge.runtime.exec.spi.LinearInput;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.pack.PackedOperand;

/**
 * A quantized layer: packed weight partitions, and the quantizer of its input, which other layers may share.
 *
 * @param passes runs what an algorithm wants before its kernel
 */
record MxLinear(Gpu gpu, InputQuantizer quantizer, PackedOperand weight, DeviceBuffer bias, PassRunner passes)
        implements CudaLinear {
    static MxLinear of(Gpu gpu, InputQuantizer quantizer, PackedOperand weight, DeviceBuffer bias, PassRunner passes) {
        MxLinear layer = new MxLinear(gpu, quantizer, weight, bias, passes);
        // What decoders ask for: activations, queries, keys and values that are yet to be taken apart, the residual
        // stream, and the gated MLP's.
        Epilogue projection = bias == null ? Epilogue.NONE : Epilogue.BIAS;
        gpu.expect(layer.problem(projection, ScalarType.BF16));
        gpu.expect(layer.problem(projection, ScalarType.FP32));
        gpu.expect(layer.problem(Epilogue.RESIDUAL, ScalarType.FP32));
        gpu.expect(layer.problem(Epilogue.SWIGLU, ScalarType.BF16));
        return layer;
    }

    private KernelProblem problem(Epilogue epilogue, ScalarType output) {
        MxGemmSpec spec = MxGemmSpec.exact(quantizer.pairs(), epilogue, output).with(quantizer.tolerance());
        return new KernelProblem(spec, quantizer.layout(), quantizer.scope());
    }

    @Override
    public int outputs() {
        return weight.rows();
    }

    @Override
    public int channels() {
        return quantizer.quantization().split().channels();
    }

    @Override
    public LinearInput prepare(LinearInput.Step step, CudaMatrix x) {
        return quantizer.quantize(step, x);
    }

    @Override
    public void multiply(LinearInput input, Epilogue epilogue, long operand, CudaMatrix out) {
        if (!(input instanceof MxInput packed) || !fits(packed.quantizer())) {
            throw new IllegalArgumentException("a quantized layer was given an input that was not quantized for it");
        }
        KernelProblem problem = problem(epilogue, out.type());
        GemmShape shape = new GemmShape(input.rows(), outputs(), quantizer.channels());
        ShapedKernel<MxGemmArguments> kernel = gpu.choose(problem, shape);
        passes.run(
                kernel.passes(),
                input.rows(),
                outputs(),
                1,
                packed.times(weight),
                operands ->
                        kernel.launch(new MxGemmArguments(input.rows(), outputs(), operands, operand, out.address())));
    }

    private boolean fits(InputQuantizer made) {
        return made == quantizer
                || made.quantization().equals(quantizer.quantization())
                        && made.layout() == quantizer.layout()
                        && made.tolerance() == quantizer.tolerance();
    }
}
