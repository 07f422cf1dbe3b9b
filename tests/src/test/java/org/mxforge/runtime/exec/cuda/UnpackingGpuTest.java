package org.mxforge.runtime.exec.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.codegen.kernel.gemm.MxGemmKind;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.format.ScalarArray;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.spec.Algorithm;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.Tiling;
import org.mxforge.dsl.tile.WgmmaTiling;
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
import org.mxforge.runtime.quant.PlainWeight;
import org.mxforge.runtime.quant.QuantizedWeight;
import org.mxforge.tests.gpu.GpuTest;

/** A layer gives the same whether its weights are decoded in the GEMM or unpacked before it. */
@Tag("gpu")
class UnpackingGpuTest {
    private static final int OUTPUTS = 200;

    private static final int ROWS = 130;

    /** Sums of the same channels go to FP32 together, so that both ways round alike. */
    private static final Tiling EVERY_128 = new WgmmaTiling(128, 128, 128, 1);

    /** Multiplies by one algorithm, and keeps what it chose. */
    private record Chooser(Algorithm<MxGemmSpec> algorithm, Set<KernelVariant> chosen) implements VariantChooser {
        @Override
        public KernelVariant choose(KernelProblem problem, Target target, KernelShape shape) {
            KernelVariant variant = problem.spec() instanceof MxGemmSpec product
                    ? KernelVariant.of(product, algorithm, target, EVERY_128)
                    : VariantChooser.DEFAULTS.choose(problem, target, shape);
            chosen.add(variant);
            return variant;
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "e2m1xe2m1:160/32",
                "e3m2xe3m2:160/32",
                "e2m1xe2m1:128+e3m2xe3m2:64/32",
                "e2m1xe2m1:64+e2m3xe2m3:96/32",
                "e2m3xe3m2:128/32",
                "e2m1xe2m1:96+e4m3xe4m3:64/32",
                "e2m1xe2m1:64+e3m2xe3m2:32+e5m2xe5m2:96/32"
            })
    void unpackedWeightsGiveTheSame(String text) {
        assumeTrue(
                GpuTest.context().device().target() == Target.SM_90A,
                "weights in fragments need a GPU of compute capability 9.0");
        ChannelSplit split = ChannelSplit.parse(text);
        boolean folds = split.pairs().stream().allMatch(FormatPair::hasRoomForScales);
        Chooser decoding =
                new Chooser(folds ? MxGemmKind.WGMMA_FRAGMENTS : MxGemmKind.WGMMA_MIXED_FRAGMENTS, new HashSet<>());
        Chooser unpacking =
                new Chooser(folds ? MxGemmKind.UNPACK_WGMMA : MxGemmKind.UNPACK_MIXED_WGMMA, new HashSet<>());
        float[] decoded = multiply(split, decoding);
        float[] unpacked = multiply(split, unpacking);
        assertThat(unpacking.chosen())
                .doesNotContainAnyElementsOf(decoding.chosen().stream()
                        .filter(variant -> variant.spec() instanceof MxGemmSpec)
                        .toList());
        float largest = 0;
        for (float value : decoded) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertThat(largest).isGreaterThan(1);
        assertThat(unpacked).containsExactly(decoded, within(1e-5f * largest));
    }

    /** What is unpacked ahead of a product overwrites nothing that one before it still reads. */
    @Test
    void productsInARowAreThoseApart() {
        assumeTrue(
                GpuTest.context().device().target() == Target.SM_90A,
                "weights in fragments need a GPU of compute capability 9.0");
        ChannelSplit split = ChannelSplit.parse("e2m1xe2m1:768+e3m2xe3m2:128+e4m3xe4m3:128/32");
        int[] outputs = {2000, 700, 3000};
        try (Backend backend = open(new Chooser(MxGemmKind.UNPACK_MIXED_WGMMA, new HashSet<>()))) {
            List<Linear> layers = IntStream.range(0, outputs.length)
                    .mapToObj(i -> layer(backend, split, i, outputs[i]))
                    .toList();
            try (LinearInput input = input(backend, layers.get(0))) {
                List<float[]> apart = layers.stream()
                        .map(layer -> backend.download(product(backend, layer, input)))
                        .toList();
                List<Matrix> inARow = Stream.generate(layers::stream)
                        .limit(20)
                        .flatMap(all -> all)
                        .map(layer -> product(backend, layer, input))
                        .toList();
                for (int i = 0; i < inARow.size(); i++) {
                    assertThat(backend.download(inARow.get(i))).isEqualTo(apart.get(i % layers.size()));
                }
            }
        }
    }

    private static float[] multiply(ChannelSplit split, VariantChooser chooser) {
        try (Backend backend = open(chooser)) {
            Linear layer = layer(backend, split, 1, OUTPUTS);
            try (LinearInput input = input(backend, layer)) {
                return backend.download(product(backend, layer, input));
            }
        }
    }

    private static Backend open(VariantChooser chooser) {
        CudaContext context = CudaContext.openFirst();
        return new CudaBackend(context, new KernelStore(context, ArtifactCache.user()), chooser, Folding.EXACT);
    }

    private static Linear layer(Backend backend, ChannelSplit split, int seed, int outputs) {
        InputQuantization input = InputQuantization.inOrder(split, ScaleRule.CEIL);
        float[] weight = random(seed, outputs * split.channels());
        return backend.linear(
                new QuantizedWeight(new ReferenceQuantizer(input, Side.WEIGHT).quantize(weight, outputs), input), null);
    }

    /** Random rows through a norm, quantized for {@code layer}. */
    private static LinearInput input(Backend backend, Linear layer) {
        int channels = layer.channels();
        short[] rows = new short[ROWS * channels];
        float[] values = random(2, rows.length);
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Bfloat16.fromFloat(values[i]);
        }
        Matrix x = backend.fp32(ROWS, channels);
        Batches.embed(
                backend,
                backend.embedding(PlainWeight.of(ScalarArray.bf16(rows), ROWS, channels)),
                IntStream.range(0, ROWS).toArray(),
                x);
        float[] ones = new float[channels];
        Arrays.fill(ones, 1);
        return backend.input(layer, new LinearInput.Step.RmsNorm(backend.vector(ones), 1e-5f), x);
    }

    private static Matrix product(Backend backend, Linear layer, LinearInput input) {
        Matrix out = backend.fp32(ROWS, layer.outputs());
        backend.linear(layer, input, Epilogue.NONE, null, out);
        return out;
    }

    private static float[] random(int seed, int count) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextDouble(-1, 1);
        }
        return values;
    }
}
