package org.mxforge.runtime.exec.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.format.ScalarArray;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.oracle.ReferenceQuantizer;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.PlainWeight;
import org.mxforge.runtime.quant.QuantizedWeight;
import org.mxforge.tests.gpu.Numbers;

/**
 * Layers that read one input, as one and each for itself: the same to the bit. Weights and inputs are whole numbers whose sums are exact
 * in every order, for a backend may multiply a larger layer in other tiles.
 */
public final class JoinedLinearCheck {
    private static final int CHANNELS = 96;
    private static final List<Integer> OUTPUTS = List.of(512, 64, 72);
    private static final ChannelSplit SPLIT = ChannelSplit.parse("e2m1xe2m1:32+e2m3xe2m3:64/32");

    private JoinedLinearCheck() {}

    /** Plain layers, which are one. */
    public static void plain(Backend backend, int rows) {
        check(
                backend,
                rows,
                (outputs, seed) -> plain(ScalarArray.bf16(bf16(numbers(seed, outputs * CHANNELS))), outputs));
    }

    /** Quantized layers that want their input alike, which are one, with and without biases. */
    public static void quantized(Backend backend, int rows) {
        check(backend, rows, (outputs, seed) -> quantized(outputs, seed, 5));
    }

    /** Quantized layers that want the channels in different orders, which cannot be one. */
    public static void apart(Backend backend, int rows) {
        check(backend, rows, (outputs, seed) -> quantized(outputs, seed, seed == 1 ? 5 : 7));
    }

    /** A plain layer beside quantized ones. */
    public static void mixed(Backend backend, int rows) {
        check(
                backend,
                rows,
                (outputs, seed) -> seed == 1
                        ? plain(ScalarArray.fp32(numbers(seed, outputs * CHANNELS)), outputs)
                        : quantized(outputs, seed, 5));
    }

    /** Gate and up as one layer that multiplies them, against the two: what is rounded between is at most activations. */
    public static void gated(Backend backend, int rows, double tolerance) {
        int outputs = 72;
        List<Linear.Weight> weights = List.of(quantized(outputs, 1, 5), quantized(outputs, 2, 5));
        float[] both = project(backend, Linear.Joined.of(backend, weights, null), rows, 2 * outputs);
        float[] gated = project(
                backend, Linear.Joined.gated(backend, weights).orElseThrow(), rows, outputs, Backend::activations);
        for (int i = 0; i < gated.length; i++) {
            double gate = both[i / outputs * 2 * outputs + i % outputs];
            double value = gate / (1 + Math.exp(-gate)) * both[i / outputs * 2 * outputs + outputs + i % outputs];
            assertThat((double) gated[i]).isCloseTo(value, within(tolerance * Math.abs(value) + 1e-30));
        }
    }

    private static void check(Backend backend, int rows, BiFunction<Integer, Integer, Linear.Weight> weights) {
        List<Linear.Weight> all = new ArrayList<>();
        for (int i = 0; i < OUTPUTS.size(); i++) {
            all.add(weights.apply(OUTPUTS.get(i), i));
        }
        int width = OUTPUTS.stream().mapToInt(Integer::intValue).sum();
        float[] biases = numbers(9, width);
        for (float[] bias : new float[][] {null, biases}) {
            List<float[]> each = new ArrayList<>();
            int from = 0;
            for (Linear.Weight weight : all) {
                int to = from + weight.outputs();
                float[] own = bias == null ? null : Arrays.copyOfRange(bias, from, to);
                each.add(project(backend, Linear.Joined.of(backend, List.of(weight), own), rows, weight.outputs()));
                from = to;
            }
            float[] joined = project(backend, Linear.Joined.of(backend, all, bias), rows, width);
            assertThat(joined).isEqualTo(Numbers.sideBySide(rows, each.toArray(float[][]::new)));
            assertThat(joined[0]).as("something was computed").isNotZero();
        }
    }

    private static float[] project(Backend backend, Linear.Joined layers, int rows, int width) {
        return project(backend, layers, rows, width, Backend::fp32);
    }

    private static float[] project(Backend backend, Linear.Joined layers, int rows, int width, Results results) {
        // Of twos of both signs, so that the norm halves them exactly.
        float[] x = numbers(8, rows * CHANNELS);
        for (int i = 0; i < x.length; i++) {
            x[i] = x[i] < 0 ? -2 : 2;
        }
        try (Matrix stream = backend.fp32(rows, CHANNELS);
                Matrix out = results.allocate(backend, rows, width)) {
            Batches.embed(
                    backend,
                    backend.embedding(PlainWeight.of(ScalarArray.bf16(bf16(x)), rows, CHANNELS)),
                    IntStream.range(0, rows).toArray(),
                    stream);
            layers.project(new LinearInput.Step.RmsNorm(backend.vector(numbers(7, CHANNELS)), 0), stream, out);
            return backend.download(out);
        }
    }

    private interface Results {
        Matrix allocate(Backend backend, int rows, int columns);
    }

    private static Linear.Weight plain(ScalarArray values, int outputs) {
        return new Linear.Weight.Plain(PlainWeight.of(values, outputs, CHANNELS));
    }

    private static Linear.Weight quantized(int outputs, int seed, int stride) {
        int[] order =
                IntStream.range(0, CHANNELS).map(i -> i * stride % CHANNELS).toArray();
        InputQuantization input = new InputQuantization(SPLIT, order, ScaleRule.CEIL);
        return new Linear.Weight.Quantized(new QuantizedWeight(
                new ReferenceQuantizer(input, Side.WEIGHT).quantize(numbers(seed, outputs * CHANNELS), outputs),
                input));
    }

    /** From -4 to 4 without 0. */
    private static float[] numbers(int seed, int count) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextInt(1, 5) * (random.nextBoolean() ? 1 : -1);
        }
        return values;
    }

    private static short[] bf16(float[] values) {
        short[] bits = new short[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Bfloat16.fromFloat(values[i]);
        }
        return bits;
    }
}
