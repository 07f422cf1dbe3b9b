package org.mxforge.runtime.exec.cpu;

import java.util.List;
import java.util.Optional;
import org.mxforge.dsl.format.ScalarArray;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.spec.DenseGemmSpec;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.runtime.cpu.CpuDenseGemm;
import org.mxforge.runtime.exec.spi.LinearInput;

/** A layer with plain weights, [outputs][channels], referenced as they were given. */
record CpuDenseLinear(CpuSession session, ScalarArray weight, int outputs, int channels, float[] bias)
        implements CpuLinear {
    CpuDenseLinear {
        if (weight.length() != (long) outputs * channels || bias != null && bias.length != outputs) {
            throw new IllegalArgumentException(
                    "a layer of " + outputs + "x" + channels + " has " + weight.length() + " weights");
        }
    }

    @Override
    public Optional<String> quantization() {
        return Optional.empty();
    }

    @Override
    public CpuDenseInput prepare(LinearInput.Step step, HostMatrix x) {
        return new CpuDenseInput(CpuInputSteps.apply(session.executor(), step, x));
    }

    @Override
    public void multiply(LinearInput input, Epilogue epilogue, float[] operand, HostMatrix out) {
        if (!(input instanceof CpuDenseInput dense)) {
            throw new IllegalArgumentException("a plain layer was given a quantized input");
        }
        CpuDenseGemm kernel = session.kernels()
                .denseGemm(
                        new DenseGemmSpec(epilogue, ScalarType.FP32),
                        new GemmShape(input.rows(), outputs, List.of(channels)));
        float[] x = dense.matrix().values();
        session.runner()
                .run(
                        kernel,
                        new CpuDenseGemm.Operands(x, weight, outputs, channels, operand, out.values()),
                        input.rows());
    }
}
