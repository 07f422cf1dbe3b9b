package org.mxforge.runtime.exec.cuda;

import java.util.ArrayList;
import java.util.List;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.DenseGemmArguments;
import org.mxforge.dsl.layout.Bf16Tile;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.spec.DenseGemmSpec;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.runtime.base.ByteSource;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;
import org.mxforge.runtime.exec.spi.Linear;
import org.mxforge.runtime.exec.spi.LinearInput;
import org.mxforge.runtime.kernel.KernelProblem;

/**
 * A layer that multiplies plain BF16 activations.
 *
 * @param weight address of BF16: [outputs][channels] or, where {@code layout} is that of tiles, in {@link org.mxforge.dsl.layout.Bf16Tile}s
 * @param layout {@link OperandLayout#PLAIN} or {@link OperandLayout#BF16}, which its inputs have as well
 */
record DenseLinear(Gpu gpu, long weight, OperandLayout layout, DeviceBuffer bias, int outputs, int channels)
        implements CudaLinear {
    /** Fewer outputs leave most of a tile on wgmma empty; a router, whose kernel reads rows, has fewer. */
    private static final int FEWEST_TILED = 512;

    /** A layer with this weight, laid out as its products are the fastest. */
    static DenseLinear of(Gpu gpu, ByteSource bf16, DeviceBuffer bias, int outputs, int channels) {
        DenseGemmSpec product = new DenseGemmSpec(Epilogue.NONE, ScalarType.FP32);
        boolean tiled = outputs >= FEWEST_TILED
                && KernelProblem.layouts(product, gpu.target(), KernelProblem.Scope.ALL)
                        .contains(OperandLayout.BF16);
        String purpose = "a weight of " + outputs + "x" + channels + " in bf16";
        return tiled
                ? new DenseLinear(
                        gpu,
                        new PlainTiles(gpu)
                                .weight(purpose, bf16, outputs, channels)
                                .address(),
                        OperandLayout.BF16,
                        bias,
                        outputs,
                        channels)
                : new DenseLinear(
                        gpu, gpu.lasting(purpose, bf16).address(), OperandLayout.PLAIN, bias, outputs, channels);
    }

    /** {@code router} as its kernels read it. */
    static DenseLinear router(Linear router) {
        if (CudaLinear.of(router) instanceof DenseLinear dense) {
            return dense;
        }
        throw new IllegalArgumentException("a router is a plain layer");
    }

    /** Layers of {@code part} outputs each, whole tiles, which share this weight. */
    List<Linear> cut(int part) {
        List<Linear> layers = new ArrayList<>();
        for (int from = 0; from < outputs; from += part) {
            int count = Math.min(part, outputs - from);
            long before = layout == OperandLayout.BF16
                    ? Bf16Tile.bytes(from, channels)
                    : (long) ScalarType.BF16.bytes() * from * channels;
            layers.add(new DenseLinear(gpu, weight + before, layout, null, count, channels));
        }
        return layers;
    }

    /**
     * The address of its rows.
     *
     * @throws IllegalArgumentException if they lie in tiles
     */
    long rows() {
        if (layout != OperandLayout.PLAIN) {
            throw new IllegalArgumentException("the weight of " + outputs + " outputs lies in tiles, not in rows");
        }
        return weight;
    }

    @Override
    public LinearInput prepare(LinearInput.Step step, CudaMatrix x) {
        return new CudaInputSteps(gpu).apply(step, x, layout);
    }

    @Override
    public void multiply(LinearInput input, Epilogue epilogue, long operand, CudaMatrix out) {
        if (!(input instanceof DenseInput dense) || dense.channels() != channels || dense.layout() != layout) {
            throw new IllegalArgumentException("a plain layer of " + channels + " channels was given another input");
        }
        gpu.launch(
                new KernelProblem(new DenseGemmSpec(epilogue, out.type()), layout),
                new GemmShape(dense.rows(), outputs, List.of(channels)),
                new DenseGemmArguments(
                        dense.rows(), outputs, channels, dense.address(), weight, operand, out.address()));
    }
}
