package org.mxforge.runtime.exec.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.dsl.format.ScalarArray;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.base.options.Folding;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.launch.KernelStore;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.Batches;
import org.mxforge.runtime.exec.spi.Linear;
import org.mxforge.runtime.exec.spi.LinearInput;
import org.mxforge.runtime.exec.spi.Matrix;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.kernel.VariantChooser;
import org.mxforge.runtime.oracle.ReferenceQuantizer;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.QuantizedWeight;
import org.mxforge.tests.gpu.GpuTest;

/** Layers of one site share their input whatever was loaded before, although their weights alone would be kept in other ways. */
@Tag("gpu")
class SiteLayoutGpuTest {
    private static final int ROWS = 5;
    private static final int SMALL = 64;
    private static final int LARGE = 256;

    private static final InputQuantization INPUT =
            InputQuantization.inOrder(ChannelSplit.parse("e3m2xe3m2:160/32"), ScaleRule.CEIL);

    /** Keeps large layers in another way than small ones, if there is another. */
    private static final class BySize implements VariantChooser {
        @Override
        public KernelVariant choose(KernelProblem problem, Target target, KernelShape shape) {
            return VariantChooser.DEFAULTS.choose(problem, target, shape);
        }

        @Override
        public OperandLayout layout(
                MxGemmSpec spec, Target target, KernelProblem.Scope scope, List<Integer> n, List<Integer> k) {
            List<OperandLayout> layouts = KernelProblem.layouts(spec, target, scope);
            return layouts.get(n.contains(LARGE) ? 0 : layouts.size() - 1);
        }
    }

    private static Linear layer(Backend backend, int outputs, List<Integer> site) {
        SplittableRandom random = new SplittableRandom(outputs);
        float[] values = new float[outputs * INPUT.split().channels()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble(-1, 1);
        }
        return backend.linear(
                new QuantizedWeight(new ReferenceQuantizer(INPUT, Side.WEIGHT).quantize(values, outputs), INPUT),
                null,
                site);
    }

    private static float[] multiply(Backend backend, Linear layer, LinearInput input) {
        try (Matrix out = backend.fp32(ROWS, layer.outputs())) {
            backend.linear(layer, input, Epilogue.NONE, null, out);
            return backend.download(out);
        }
    }

    private static LinearInput input(Backend backend, Linear layer) {
        int channels = INPUT.split().channels();
        short[] rows = new short[ROWS * channels];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (short) (0x3f80 + i % 64);
        }
        float[] ones = new float[channels];
        Arrays.fill(ones, 1);
        Matrix x = backend.fp32(ROWS, channels);
        Batches.embed(
                backend,
                backend.embedding(ScalarArray.bf16(rows), ROWS, channels),
                IntStream.range(0, ROWS).toArray(),
                x);
        return backend.input(layer, new LinearInput.Step.RmsNorm(backend.vector(ones), 1e-5f), x);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void layersOfASiteShareTheirInput(boolean smallFirst) {
        GpuTest.context();
        CudaContext context = CudaContext.openFirst();
        KernelStore store = new KernelStore(context, ArtifactCache.user());
        try (Backend backend = new CudaBackend(context, store, new BySize(), Folding.EXACT)) {
            // Of another site with the same quantization, whose weights lie in their own way.
            Linear alone = layer(backend, SMALL, List.of(SMALL));
            List<Integer> site = smallFirst ? List.of(SMALL, LARGE) : List.of(LARGE, SMALL);
            List<Linear> layers =
                    site.stream().map(outputs -> layer(backend, outputs, site)).toList();
            Linear small = layers.get(site.indexOf(SMALL));
            try (LinearInput shared = input(backend, layers.get(0));
                    LinearInput own = input(backend, alone)) {
                assertThat(multiply(backend, layers.get(1), shared)).isNotEmpty();
                float[] wanted = multiply(backend, alone, own);
                float largest = 0;
                for (float value : wanted) {
                    largest = Math.max(largest, Math.abs(value));
                }
                assertThat(largest).isPositive();
                // Other algorithms add in another order, in sums of another width.
                assertThat(multiply(backend, small, shared)).containsExactly(wanted, within(0.01f * largest));
            }
        }
    }
}
