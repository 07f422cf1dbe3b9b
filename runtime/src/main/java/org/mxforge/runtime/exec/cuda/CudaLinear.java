package org.mxforge.runtime.exec.cuda;

import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;
import org.mxforge.runtime.exec.spi.Linear;
import org.mxforge.runtime.exec.spi.LinearInput;

/** A linear layer in GPU memory. */
sealed interface CudaLinear extends Linear permits DenseLinear, MxLinear, Int8Linear {
    /** BF16 [outputs], or null. */
    DeviceBuffer bias();

    /** {@code x} brought into the form that {@link #multiply} reads. */
    LinearInput prepare(LinearInput.Step step, CudaMatrix x);

    /** {@code out = epilogue(input * weight^T)}; {@code operand} is the address of the epilogue's operand, or 0. */
    void multiply(LinearInput input, Epilogue epilogue, long operand, CudaMatrix out);

    static CudaLinear of(Linear layer) {
        if (layer instanceof CudaLinear cuda) {
            return cuda;
        }
        throw new IllegalArgumentException("the CUDA backend was given a layer of another backend");
    }

    /** The address of the bias. */
    default long biasAddress() {
        if (bias() == null) {
            throw new IllegalArgumentException("a layer without a bias was asked to add it");
        }
        return bias().address();
    }
}
