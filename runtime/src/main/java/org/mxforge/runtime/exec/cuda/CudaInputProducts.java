package org.mxforge.runtime.exec.cuda;

import java.util.Optional;
import java.util.stream.IntStream;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.Fp64RowsArguments;
import org.mxforge.dsl.spec.Fp64GemmSpec.Sum;
import org.mxforge.dsl.spec.Fp64RowsSpec;
import org.mxforge.dsl.spec.GroupTransform;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.LinearInput;

/** Sums of products of channels in FP64 on a GPU: the lower triangle. */
final class CudaInputProducts implements Backend.InputProducts {
    private final Gpu gpu;
    private final Fp64Matrix sums;
    private final Scratch order;

    private CudaInputProducts(Gpu gpu, int channels) {
        this.gpu = gpu;
        this.sums = Fp64Matrix.zeros(gpu, channels, channels);
        this.order = gpu.scratch("a reorder index", IntStream.range(0, channels).toArray());
    }

    /** Empty in a dry run, and where there is not the memory. */
    static Optional<Backend.InputProducts> of(Gpu gpu, int channels) {
        Backend.Memory memory = gpu.memory();
        return gpu.isDryRun() || Fp64Matrix.bytes(2L * channels, channels) > memory.free() + memory.scratch()
                ? Optional.empty()
                : Optional.of(new CudaInputProducts(gpu, channels));
    }

    @Override
    public void add(LinearInput input) {
        if (!(input instanceof DenseInput tokens) || tokens.channels() != sums.columns()) {
            throw new IllegalArgumentException("an input is quantized, or has not " + sums.columns() + " channels");
        }
        try (Fp64Matrix rows = Fp64Matrix.allocate(gpu, tokens.rows(), tokens.channels())) {
            gpu.launch(
                    new Fp64RowsSpec(ScalarType.BF16, tokens.layout(), GroupTransform.NONE, Optional.empty()),
                    new Fp64RowsArguments(
                            tokens.rows(), tokens.channels(), tokens.address(), order.address(), 0, rows.address()));
            Fp64Matrix.multiply(
                    gpu,
                    true,
                    Sum.ADD,
                    tokens.channels(),
                    tokens.channels(),
                    tokens.rows(),
                    rows.all(),
                    rows.all(),
                    sums.all(),
                    Fp64Matrix.Skipped.ABOVE);
        }
    }

    @Override
    public double[] sums() {
        int channels = sums.columns();
        double[] all = new double[channels * channels];
        sums.memory().buffer().download(all);
        IntStream.range(0, channels).parallel().forEach(i -> {
            for (int j = i + 1; j < channels; j++) {
                all[i * channels + j] = all[j * channels + i];
            }
        });
        return all;
    }

    @Override
    public void close() {
        sums.close();
        order.close();
    }
}
