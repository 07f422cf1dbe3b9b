package org.mxforge.runtime.exec.cuda;

import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.RmsNormArguments;
import org.mxforge.dsl.launch.SiluMulArguments;
import org.mxforge.dsl.spec.RmsNormSpec;
import org.mxforge.dsl.spec.SiluMulSpec;
import org.mxforge.runtime.exec.spi.LinearInput;

/** The steps before a plain layer, as kernels of their own. */
record CudaInputSteps(Gpu gpu) {
    /** {@code x} through {@code step}: {@code x} itself when there is nothing to do. */
    DenseInput apply(LinearInput.Step step, CudaMatrix x) {
        if (step instanceof LinearInput.Step.None) {
            return new DenseInput(x, false);
        }
        boolean gated = step instanceof LinearInput.Step.SiluMul;
        CudaMatrix out = CudaMatrix.allocate(gpu, ScalarType.BF16, x.rows(), gated ? x.columns() / 2 : x.columns());
        if (step instanceof LinearInput.Step.RmsNorm norm) {
            rmsNorm(x, CudaVector.of(norm.weight(), x.columns()), norm.epsilon(), out);
        } else {
            gpu.launch(new SiluMulSpec(), new SiluMulArguments(out.rows(), out.columns(), x.address(), out.address()));
        }
        return new DenseInput(out, true);
    }

    void rmsNorm(CudaMatrix x, CudaVector weight, float epsilon, CudaMatrix out) {
        gpu.launch(
                new RmsNormSpec(x.type(), out.type()),
                new RmsNormArguments(x.rows(), x.columns(), x.address(), weight.address(), epsilon, out.address()));
    }
}
