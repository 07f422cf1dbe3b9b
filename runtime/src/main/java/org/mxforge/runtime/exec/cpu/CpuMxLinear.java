package org.mxforge.runtime.exec.cpu;

import java.util.Optional;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.Partition;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.spec.Prologue;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.spec.Tolerance;
import org.mxforge.runtime.cpu.CpuMxGemm;
import org.mxforge.runtime.cpu.CpuMxQuantize;
import org.mxforge.runtime.exec.spi.LinearInput;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.PackedMatrix;

/** A layer with packed weights that quantizes its input on the fly, fused with the step before it. */
record CpuMxLinear(CpuSession session, PackedMatrix matrix, InputQuantization input, float[] bias)
        implements CpuLinear {
    CpuMxLinear {
        if (bias != null && bias.length != matrix.rows()) {
            throw new IllegalArgumentException("a layer of " + matrix.rows() + " outputs has a bias of " + bias.length);
        }
    }

    @Override
    public int outputs() {
        return matrix.rows();
    }

    @Override
    public int channels() {
        return input.split().channels();
    }

    @Override
    public Optional<String> quantization() {
        return Optional.of(input.split().text());
    }

    @Override
    public CpuMxInput prepare(LinearInput.Step step, HostMatrix x) {
        PackedMatrix out = PackedMatrix.zeros(input.split(), Side.ACTIVATION, x.rows());
        int[] order = input.order();
        float[] values = x.values();
        if (step instanceof LinearInput.Step.RmsNorm norm) {
            float[] gain = HostVector.of(norm.weight(), order.length).values();
            float[] centre = norm.centre()
                    .map(vector -> HostVector.of(vector, order.length).values())
                    .orElse(null);
            quantize(
                    centre == null ? Prologue.RMSNORM : Prologue.RMSNORM_CENTRED,
                    new CpuMxQuantize.Operands(values, gain, centre, norm.epsilon(), order, out));
        } else {
            boolean gated = step instanceof LinearInput.Step.SiluMul;
            quantize(
                    gated ? Prologue.SILU_MUL : Prologue.NONE,
                    new CpuMxQuantize.Operands(values, null, 0f, order, out));
        }
        return new CpuMxInput(out, input);
    }

    private void quantize(Prologue prologue, CpuMxQuantize.Operands operands) {
        MxQuantizeSpec spec = MxQuantizeSpec.activation(
                        input.split().partitions().stream()
                                .map(Partition::formats)
                                .map(Side.ACTIVATION::format)
                                .toList(),
                        input.rule(),
                        prologue,
                        ScalarType.FP32,
                        Tolerance.EXACT)
                .with(input.transform());
        session.runner().run(session.kernels().mxQuantize(spec), operands);
    }

    @Override
    public void multiply(LinearInput quantized, Epilogue epilogue, float[] operand, HostMatrix out) {
        if (!(quantized instanceof CpuMxInput packed) || !packed.quantization().equals(input)) {
            throw new IllegalArgumentException("a quantized layer was given an input that is quantized another way");
        }
        MxGemmSpec spec = MxGemmSpec.exact(input.split().pairs(), epilogue, ScalarType.FP32);
        GemmShape shape = new GemmShape(
                quantized.rows(),
                outputs(),
                input.split().partitions().stream().map(Partition::channels).toList());
        CpuMxGemm kernel = session.kernels().mxGemm(spec, shape);
        session.runner().run(kernel, packed.matrix(), matrix, operand, out.values());
    }
}
