package org.mxforge.runtime.exec.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.format.ScalarArray;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.oracle.ReferenceQuantizer;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.PlainWeight;
import org.mxforge.runtime.quant.QuantizedWeight;

/**
 * The bias of a layer, seen alone: what a backend gives with it less what it gives without it, from the same input. Neither
 * quantization nor the rounding of activations is in that difference, so that its bound is far below the smallest bias.
 */
public final class BiasCheck {
    private static final int OUTPUTS = 80;
    private static final int CHANNELS = 96;

    private BiasCheck() {}

    /** A plain layer adds its bias in every row, and only when asked. */
    public static void plainLayer(Backend backend, int rows) {
        short[] weight = bf16(random(1, OUTPUTS * CHANNELS));
        assertAdded(backend, backend.linear(PlainWeight.of(ScalarArray.bf16(weight), OUTPUTS, CHANNELS), bias()), rows);
    }

    /** The same for a layer of two formats. */
    public static void quantizedLayer(Backend backend, int rows) {
        ChannelSplit split = ChannelSplit.parse("e2m1xe2m1:32+e4m3xe4m3:64/32");
        int[] order = IntStream.range(0, CHANNELS).map(i -> i * 5 % CHANNELS).toArray();
        InputQuantization input = new InputQuantization(split, order, ScaleRule.CEIL);
        QuantizedWeight weight = new QuantizedWeight(
                new ReferenceQuantizer(input, Side.WEIGHT).quantize(random(1, OUTPUTS * CHANNELS), OUTPUTS), input);
        assertAdded(backend, backend.linear(weight, bias()), rows);
    }

    private static void assertAdded(Backend backend, Linear layer, int rows) {
        float[] ones = new float[CHANNELS];
        Arrays.fill(ones, 1);
        Matrix x = backend.fp32(rows, CHANNELS);
        Batches.embed(
                backend,
                backend.embedding(PlainWeight.of(ScalarArray.bf16(bf16(random(2, rows * CHANNELS))), rows, CHANNELS)),
                IntStream.range(0, rows).toArray(),
                x);
        Matrix with = backend.fp32(rows, OUTPUTS);
        Matrix without = backend.fp32(rows, OUTPUTS);
        try (LinearInput input = backend.input(layer, new LinearInput.Step.RmsNorm(backend.vector(ones), 1e-5f), x)) {
            backend.linear(layer, input, Epilogue.BIAS, null, with);
            backend.linear(layer, input, Epilogue.NONE, null, without);
        }
        float[] a = backend.download(with);
        float[] b = backend.download(without);
        for (int i = 0; i < rows * OUTPUTS; i++) {
            assertThat(a[i] - b[i]).as("element %d", i).isCloseTo(bias()[i % OUTPUTS], within(1e-3f));
        }
    }

    /** Values from 1 to 2 of either sign, each of another size, exact in BF16. */
    private static float[] bias() {
        float[] values = new float[OUTPUTS];
        for (int i = 0; i < OUTPUTS; i++) {
            values[i] = (i % 2 == 0 ? 1 : -1) * (1 + i / 128f);
        }
        return values;
    }

    private static float[] random(int seed, int count) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextDouble(-1, 1);
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
