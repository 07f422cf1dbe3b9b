package org.mxforge.runtime.exec.cuda;

import java.util.List;
import java.util.Optional;
import org.mxforge.dsl.launch.DenseGemmArguments;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.spec.DenseGemmSpec;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;
import org.mxforge.runtime.exec.spi.LinearInput;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.quant.InputQuantization;

/** A layer that multiplies plain BF16 activations; the weight is BF16, [outputs][channels]. */
record DenseLinear(Gpu gpu, DeviceBuffer weight, DeviceBuffer bias, int outputs, int channels) implements CudaLinear {
    @Override
    public Optional<InputQuantization> input() {
        return Optional.empty();
    }

    @Override
    public LinearInput prepare(LinearInput.Step step, CudaMatrix x) {
        return new CudaInputSteps(gpu).apply(step, x);
    }

    @Override
    public void multiply(LinearInput input, Epilogue epilogue, long operand, CudaMatrix out) {
        if (!(input instanceof DenseInput dense) || dense.channels() != channels) {
            throw new IllegalArgumentException("a plain layer of " + channels + " channels was given another input");
        }
        gpu.launch(
                new KernelProblem(new DenseGemmSpec(epilogue, out.type()), OperandLayout.PLAIN),
                new GemmShape(dense.rows(), outputs, List.of(channels)),
                new DenseGemmArguments(
                        dense.rows(), outputs, channels, dense.address(), weight.address(), operand, out.address()));
    }
}
