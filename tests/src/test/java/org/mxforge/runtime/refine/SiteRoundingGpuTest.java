package org.mxforge.runtime.refine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mxforge.dsl.format.ScalarArray;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.format.ScaleCodec;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.CodePacking;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.spec.GroupTransform;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.exec.cuda.CudaBackend;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.Batches;
import org.mxforge.runtime.exec.spi.Linear;
import org.mxforge.runtime.exec.spi.LinearInput;
import org.mxforge.runtime.exec.spi.Matrix;
import org.mxforge.runtime.exec.spi.SiteRounding;
import org.mxforge.runtime.kernel.VariantChooser;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.LinearLayer;
import org.mxforge.runtime.quant.LinearSite;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.PackedPartition;
import org.mxforge.runtime.quant.PlainWeight;
import org.mxforge.tests.gpu.GpuTest;

/** Weights that a GPU rounds are those that the host rounds in binary64 throughout. */
@Tag("gpu")
class SiteRoundingGpuTest {
    private static final int OUTPUTS = 200;

    /** Not a whole number of anything. */
    private static final int WINDOW = 301;

    private static final int WINDOWS = 4;

    private final Random random = new Random(3);
    private Backend gpu;

    @BeforeEach
    void open() {
        GpuTest.context();
        gpu = new CudaBackend(VariantChooser.DEFAULTS);
    }

    @AfterEach
    void close() {
        if (gpu != null) {
            gpu.close();
        }
    }

    private SitePlan plan(ChannelSplit split, GroupTransform transform) {
        int channels = split.channels();
        int[] order = IntStream.range(0, channels).map(i -> channels - 1 - i).toArray();
        float[] weight = new float[OUTPUTS * channels];
        for (int i = 0; i < weight.length; i++) {
            weight[i] = (float) (random.nextGaussian() * 0.02);
        }
        LinearSite site = new LinearSite("layer.site", List.of(new LinearLayer("layer", OUTPUTS, channels, false)));
        return new SitePlan(
                site,
                new InputQuantization(split, order, ScaleRule.CLIP, transform),
                () -> weight,
                0,
                new Probe.Loss(0, 0),
                0);
    }

    /** Tokens whose channels follow a few common ones, and {@code noise} besides. */
    private Matrix tokens(int channels, double[][] mixing, double noise, Random of) {
        float[] values = new float[WINDOW * channels];
        Random own = new Random(random.nextLong());
        for (int row = 0; row < WINDOW; row++) {
            double[] common = of.doubles(mixing[0].length, -2, 2).toArray();
            for (int i = 0; i < channels; i++) {
                double sum = noise * own.nextGaussian();
                for (int k = 0; k < common.length; k++) {
                    sum += mixing[i][k] * common[k];
                }
                values[row * channels + i] = (float) sum;
            }
        }
        Matrix tokens = gpu.fp32(WINDOW, channels);
        Batches.embed(
                gpu,
                gpu.embedding(PlainWeight.of(ScalarArray.rounded(ScalarType.BF16, values), WINDOW, channels)),
                IntStream.range(0, WINDOW).toArray(),
                tokens);
        return tokens;
    }

    private double[][] mixing(int channels) {
        return IntStream.range(0, channels)
                .mapToObj(i -> random.doubles(40, -1, 1).toArray())
                .toArray(double[][]::new);
    }

    private LinearInput input(Matrix tokens) {
        int channels = tokens.columns();
        float[] ones = new float[channels];
        Arrays.fill(ones, 1);
        Linear layer = gpu.linear(
                PlainWeight.of(ScalarArray.rounded(ScalarType.BF16, new float[16 * channels]), 16, channels), null);
        return gpu.input(layer, new LinearInput.Step.RmsNorm(gpu.vector(ones), 1e-6f), tokens);
    }

    /** The host's steps, with tokens one by one, so that their products are not added up in FP32 first. */
    private static final class Reference {
        final Products products;
        final Products cross;

        Reference(int channels) {
            products = new Products(channels);
            cross = new Products(channels);
        }

        void add(SitePlan plan, float[] quantized, float[] plain) {
            int channels = products.channels();
            float[] x = plan.quantized(plan.order().of(Side.ACTIVATION, quantized));
            float[] y = plan.order().of(Side.ACTIVATION, plain);
            for (int at = 0; at < x.length; at += channels) {
                float[] row = Arrays.copyOfRange(x, at, at + channels);
                products.add(row, row, 1);
                cross.add(row, Arrays.copyOfRange(y, at, at + channels), 1);
            }
        }

        PackedMatrix round(SitePlan plan, boolean asymmetric) {
            int channels = products.channels();
            double ridge = products.trace() / channels;
            double[] target = HostRounding.doubles(plan.weight());
            if (asymmetric) {
                double[] right = LinearAlgebra.timesTransposed(target, cross.sum(), channels);
                for (int i = 0; i < right.length; i++) {
                    right[i] += ridge * target[i];
                }
                target = CholeskyFactor.of(products.sum(), channels, ridge).solve(right);
            }
            return WeightRounding.of(
                    target,
                    plan.input().split(),
                    CholeskyFactor.of(products.sum(), channels, 0.01 * ridge).inverseRoot());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "e2m1xe2m1:160+e2m3xe2m3:64+e4m3xe4m3:32/32, NONE, true",
        "e2m1xe2m1:160+e2m3xe2m3:64+e4m3xe4m3:32/32, NONE, false",
        "e2m1xe2m1:320+e4m3xe2m3:224/32, HADAMARD, true",
        "e2m3xe2m1:1024/32, NONE, true"
    })
    void codesAreThoseOfTheHost(String text, GroupTransform transform, boolean asymmetric) {
        SitePlan plan = plan(ChannelSplit.parse(text), transform);
        int channels = plan.site().channels();
        double[][] mixing = mixing(channels);
        Reference reference = new Reference(channels);
        List<float[]> plains = new ArrayList<>();
        try (SiteRounding rounding = gpu.rounding(plan.site(), plan.input()).orElseThrow()) {
            for (int window = 0; window < WINDOWS; window++) {
                try (Matrix tokens = tokens(channels, mixing, 0.1, new Random(window));
                        LinearInput input = input(tokens)) {
                    plains.add(gpu.download(input));
                    if (asymmetric) {
                        rounding.plain(input);
                    }
                }
            }
            for (int window = 0; window < WINDOWS; window++) {
                try (Matrix tokens = tokens(channels, mixing, 0.2, new Random(window));
                        LinearInput input = input(tokens)) {
                    reference.add(plan, gpu.download(input), plains.get(window));
                    rounding.add(input);
                }
            }
            SiteRounding.Rounded found = rounding.round(plan.weight()).orElseThrow();
            assertThat(found.damped()).isZero();
            PackedMatrix expected = reference.round(plan, asymmetric);
            double loss = loss(reference, plan, expected);
            assertThat(equal(found.weight(), expected)).isGreaterThanOrEqualTo(0.9999);
            assertThat(loss(reference, plan, found.weight())).isCloseTo(loss, within(1e-9 * loss));
        }
    }

    /** The share of codes that are equal. */
    private static double equal(PackedMatrix one, PackedMatrix other) {
        long equal = 0;
        long all = 0;
        for (int p = 0; p < one.partitions().size(); p++) {
            byte[] a = codes(one.partitions().get(p));
            byte[] b = codes(other.partitions().get(p));
            for (int i = 0; i < a.length; i++) {
                equal += a[i] == b[i] ? 1 : 0;
            }
            all += a.length;
        }
        return (double) equal / all;
    }

    private static byte[] codes(PackedPartition part) {
        byte[] codes = new byte[part.rows() * part.channels()];
        CodePacking.unpack(part.format(), part.codes(), 0, codes.length, codes, 0);
        return codes;
    }

    private static double[] values(PackedMatrix packed, int channels) {
        double[] values = new double[OUTPUTS * channels];
        int first = 0;
        for (PackedPartition part : packed.partitions()) {
            byte[] codes = codes(part);
            for (int i = 0; i < codes.length; i++) {
                int scale = part.scales()[i / GroupLayout.GROUP] & 0xff;
                values[i / part.channels() * channels + first + i % part.channels()] =
                        (double) part.format().decode(codes[i] & 0xff) * ScaleCodec.decode(scale);
            }
            first += part.channels();
        }
        return values;
    }

    /** The squared error of the outputs on the quantized inputs, over tokens and rows. */
    private static double loss(Reference reference, SitePlan plan, PackedMatrix rounded) {
        int channels = reference.products.channels();
        double[] values = values(rounded, channels);
        float[] exact = plan.weight();
        double[] h = reference.products.sum();
        double sum = 0;
        for (int row = 0; row < OUTPUTS; row++) {
            double[] error = new double[channels];
            for (int i = 0; i < channels; i++) {
                error[i] = values[row * channels + i] - exact[row * channels + i];
            }
            for (int i = 0; i < channels; i++) {
                double product = 0;
                for (int j = 0; j < channels; j++) {
                    product += h[i * channels + j] * error[j];
                }
                sum += error[i] * product;
            }
        }
        return sum;
    }

    @Test
    void productsOfInputsAreAddedUp() {
        int channels = 96;
        double[] expected = new double[channels * channels];
        try (Backend.InputProducts products = gpu.products(channels).orElseThrow()) {
            double[][] mixing = mixing(channels);
            for (int window = 0; window < 2; window++) {
                try (LinearInput input = input(tokens(channels, mixing, 0.1, random))) {
                    products.add(input);
                    float[] values = gpu.download(input);
                    for (int at = 0; at < values.length; at += channels) {
                        for (int i = 0; i < expected.length; i++) {
                            expected[i] += (double) values[at + i / channels] * values[at + i % channels];
                        }
                    }
                }
            }
            assertThat(products.sums()).containsExactly(expected, within(1e-9));
        }
    }

    @Test
    void whatSaysNothingIsLeftToTheHost() {
        SitePlan plan = plan(ChannelSplit.parse("e2m1xe2m1:96/32"), GroupTransform.NONE);
        try (SiteRounding rounding = gpu.rounding(plan.site(), plan.input()).orElseThrow()) {
            assertThat(rounding.round(plan.weight())).isEqualTo(Optional.empty());
        }
    }

    @Test
    void aSiteWithNansIsNamed() {
        SitePlan plan = plan(ChannelSplit.parse("e2m1xe2m1:96/32"), GroupTransform.NONE);
        double[][] mixing = mixing(96);
        mixing[5][0] = Double.NaN;
        try (SiteRounding rounding = gpu.rounding(plan.site(), plan.input()).orElseThrow();
                Matrix tokens = tokens(96, mixing, 0, random);
                LinearInput input = input(tokens)) {
            rounding.add(input);
            assertThatThrownBy(() -> rounding.round(plan.weight()))
                    .isInstanceOf(MxForgeException.class)
                    .hasMessageContaining("layer.site holds a NaN");
        }
    }
}
