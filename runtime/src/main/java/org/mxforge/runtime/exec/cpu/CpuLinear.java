package org.mxforge.runtime.exec.cpu;

import java.util.Optional;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.runtime.exec.spi.Linear;
import org.mxforge.runtime.exec.spi.LinearInput;

/** A linear layer that knows the kernels it runs on. */
sealed interface CpuLinear extends Linear permits CpuDenseLinear, CpuMxLinear, CpuInt8Linear {
    /** How its input is quantized, in words; empty where it is not. */
    Optional<String> quantization();

    /** {@code x} through {@code step}, in the form that {@link #multiply} takes. */
    LinearInput prepare(LinearInput.Step step, HostMatrix x);

    /** {@code out = epilogue(input * weight^T)}; {@code operand} as the epilogue wants it. */
    void multiply(LinearInput input, Epilogue epilogue, float[] operand, HostMatrix out);

    /** One value for each output, or null. */
    float[] bias();

    static CpuLinear of(Linear layer) {
        if (layer instanceof CpuLinear host) {
            return host;
        }
        throw new IllegalArgumentException("the CPU backend was given a layer of another backend");
    }
}
