package org.mxforge.runtime.exec.cuda;

import java.util.Optional;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.MxGemmArguments;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;
import org.mxforge.runtime.exec.spi.InputStep;
import org.mxforge.runtime.exec.spi.LinearInput;
import org.mxforge.runtime.kernel.GemmShape;
import org.mxforge.runtime.pack.PackedOperand;
import org.mxforge.runtime.quant.InputQuantization;

/**
 * A quantized layer: packed weight partitions, and the quantizer of its input, which other layers may share.
 *
 * @param detour how many tokens are multiplied
 */
record MxLinear(Gpu gpu, InputQuantizer quantizer, PackedOperand weight, DeviceBuffer bias, Detour detour)
        implements CudaLinear {
    static MxLinear of(Gpu gpu, InputQuantizer quantizer, PackedOperand weight, DeviceBuffer bias, Detour detour) {
        MxLinear layer = new MxLinear(gpu, quantizer, weight, bias, detour);
        // What decoders ask for: activations, queries and keys that are yet to be rotated, and the residual stream.
        Epilogue projection = bias == null ? Epilogue.NONE : Epilogue.BIAS;
        gpu.expect(layer.spec(projection, ScalarType.BF16));
        gpu.expect(layer.spec(projection, ScalarType.FP32));
        gpu.expect(layer.spec(Epilogue.RESIDUAL, ScalarType.FP32));
        return layer;
    }

    private MxGemmSpec spec(Epilogue epilogue, ScalarType output) {
        return new MxGemmSpec(quantizer.pairs(), quantizer.layout(), epilogue, output);
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
    public Optional<InputQuantization> input() {
        return Optional.of(quantizer.quantization());
    }

    @Override
    public LinearInput prepare(InputStep step, CudaMatrix x) {
        return quantizer.quantize(step, x);
    }

    @Override
    public void multiply(LinearInput input, Epilogue epilogue, long operand, CudaMatrix out) {
        if (!(input instanceof MxInput packed) || !fits(packed.quantizer())) {
            throw new IllegalArgumentException("a quantized layer was given an input that was not quantized for it");
        }
        MxGemmSpec spec = spec(epilogue, out.type());
        GemmShape shape = new GemmShape(input.rows(), outputs(), quantizer.channels());
        MxGemmArguments arguments =
                new MxGemmArguments(input.rows(), outputs(), packed.times(weight), operand, out.address());
        if (detour.pays(spec, shape)) {
            detour.multiply(spec, shape, arguments);
        } else {
            gpu.launch(spec, shape, arguments);
        }
    }

    private boolean fits(InputQuantizer made) {
        return made == quantizer
                || made.quantization().equals(quantizer.quantization())
                        && made.layout().equals(quantizer.layout());
    }
}
