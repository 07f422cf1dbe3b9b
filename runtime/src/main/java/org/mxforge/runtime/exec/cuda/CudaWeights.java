package org.mxforge.runtime.exec.cuda;

import java.util.Optional;
import org.mxforge.dsl.format.ScalarArray;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;
import org.mxforge.runtime.exec.spi.Experts;
import org.mxforge.runtime.quant.PlainWeight;
import org.mxforge.runtime.quant.QuantizedWeight;

/** Brings what stays for as long as a model does onto a GPU, in the forms that its kernels read: plain values in BF16. */
final class CudaWeights {
    /** BF16 values in the 16 bytes that kernels read at once. */
    static final int BF16_VECTOR = 8;

    private static final int INT8_VECTOR = 16;

    private final Gpu gpu;
    private final Bf16Rounding rounding;
    private final QuantizedLayers quantized;

    CudaWeights(Gpu gpu, Bf16Rounding rounding, QuantizedLayers quantized) {
        this.gpu = gpu;
        this.rounding = rounding;
        this.quantized = quantized;
    }

    /** The weight of a norm. */
    CudaVector vector(float[] values) {
        return new CudaVector(
                gpu.lasting("a norm's weight", rounding.bits("norms", ScalarArray.fp32(values))), values.length);
    }

    CudaEmbedding embedding(PlainWeight table) {
        checkVectors("the hidden size", table.channels(), BF16_VECTOR);
        return new CudaEmbedding(
                gpu.lasting("the embedding table", rounding.bytes("embeddings", table)),
                table.outputs(),
                table.channels());
    }

    /** A layer in BF16; {@code bias} [outputs], or null. */
    DenseLinear plain(PlainWeight weight, float[] bias) {
        checkVectors("a layer's number of channels", weight.channels(), BF16_VECTOR);
        return DenseLinear.of(
                gpu,
                rounding.bytes("plain layers", weight),
                bias(bias, weight.outputs()),
                weight.outputs(),
                weight.channels());
    }

    /** A layer whose weights and inputs are rounded to INT8; {@code bias} [outputs], or null. */
    Int8Linear int8(PlainWeight weight, float[] bias) {
        checkVectors("a layer's number of channels in INT8", weight.channels(), INT8_VECTOR);
        return Int8Linear.of(gpu, weight, bias(bias, weight.outputs()));
    }

    /** A layer in MX formats; {@code bias} [outputs], or null. */
    MxLinear quantized(QuantizedWeight weight, float[] bias) {
        return quantized.linear(weight, bias(bias, weight.outputs()));
    }

    /** Experts that run together; empty if these cannot. */
    Optional<Experts> experts(Experts.Weights weights, int perToken) {
        return quantized.experts(weights, perToken);
    }

    /** Cosines and sines of rotary angles, both [positions][half]. */
    CudaRopeTable angles(float[] cos, float[] sin, int positions, int half) {
        checkSize("a table of cosines", cos.length, positions, half);
        checkSize("a table of sines", sin.length, positions, half);
        return new CudaRopeTable(
                gpu, gpu.lasting("the rotation table", cos), gpu.lasting("the rotation table", sin), positions, half);
    }

    private DeviceBuffer bias(float[] bias, int outputs) {
        if (bias == null) {
            return null;
        }
        checkSize("a bias", bias.length, outputs, 1);
        return gpu.lasting("a bias", rounding.bits("biases", ScalarArray.fp32(bias)));
    }

    /**
     * The kernels read rows in vectors of 16 bytes.
     *
     * @param vector values in one
     * @throws MxForgeException if {@code columns} is no multiple of that
     */
    static void checkVectors(String what, int columns, int vector) {
        if (columns % vector != 0) {
            throw new MxForgeException("On a GPU " + what + ", " + columns + " here, must be a multiple of " + vector
                    + ": use --device cpu.");
        }
    }

    private static void checkSize(String what, int values, int rows, int columns) {
        if (values != (long) rows * columns) {
            throw new IllegalArgumentException(
                    what + " of " + rows + "x" + columns + " was given " + values + " values");
        }
    }
}
