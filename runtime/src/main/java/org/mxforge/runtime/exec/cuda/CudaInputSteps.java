package org.mxforge.runtime.exec.cuda;

import org.mxforge.dsl.launch.RmsNormArguments;
import org.mxforge.dsl.launch.SiluMulArguments;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.RmsNormSpec;
import org.mxforge.dsl.spec.SiluMulSpec;
import org.mxforge.runtime.exec.spi.LinearInput;

/** The steps before a plain layer, as kernels of their own. */
record CudaInputSteps(Gpu gpu) {
    /** {@code x} through {@code step}, as a layer of {@code layout} reads it: {@code x} itself when there is nothing to do. */
    DenseInput apply(LinearInput.Step step, CudaMatrix x, OperandLayout layout) {
        if (step instanceof LinearInput.Step.RmsNorm norm) {
            DenseInput made = DenseInput.allocate(gpu, layout, x.rows(), x.columns());
            rmsNorm(x, norm, layout, made.address());
            return made;
        }
        if (step instanceof LinearInput.Step.SiluMul) {
            DenseInput made = DenseInput.allocate(gpu, layout, x.rows(), x.columns() / 2);
            gpu.launch(
                    new SiluMulSpec(layout),
                    new SiluMulArguments(made.rows(), made.channels(), x.address(), made.address()));
            return made;
        }
        if (layout == OperandLayout.PLAIN) {
            return DenseInput.of(x);
        }
        DenseInput made = DenseInput.allocate(gpu, layout, x.rows(), x.columns());
        new PlainTiles(gpu).lay(x.address(), x.rows(), x.columns(), made.address());
        return made;
    }

    /** RMSNorm of {@code x} to {@code address}. */
    void rmsNorm(CudaMatrix x, LinearInput.Step.RmsNorm norm, OperandLayout layout, long address) {
        int columns = x.columns();
        gpu.launch(
                new RmsNormSpec(x.type(), layout, norm.centre().isPresent()),
                new RmsNormArguments(
                        x.rows(),
                        columns,
                        x.address(),
                        CudaVector.of(norm.weight(), columns).address(),
                        norm.centre()
                                .map(centre -> CudaVector.of(centre, columns).address())
                                .orElse(0L),
                        norm.epsilon(),
                        address));
    }
}
