package org.mxforge.runtime.exec.spi;

import java.util.Arrays;
import java.util.Random;
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

/**
 * Quantized experts and tokens for them. Gate and up have so few different weights, and tokens so few different values, that what they
 * make is exact in BF16: a backend that rounds activations quantizes the same numbers again as one that does not, and results
 * differ by the rounding of results alone.
 *
 * @param outer how what gate and up read is cut
 * @param inner how what down reads is cut; every expert has its own order
 * @param ofOneInput whether all gates and ups read it in the same order
 */
public record SampleExperts(ChannelSplit outer, ChannelSplit inner, boolean ofOneInput) implements Experts.Weights {
    /** Experts there are. */
    public static final int EXPERTS = 8;

    /** Experts that a token is sent to. */
    public static final int PER_TOKEN = 2;

    /** The expert that no token is sent to. */
    public static final int IDLE = 3;

    @Override
    public int experts() {
        return EXPERTS;
    }

    @Override
    public Linear.Weight read(int expert, Part part) {
        Random random = new Random(10L * expert + part.ordinal());
        if (part == Part.DOWN) {
            float[] values = new float[outer.channels() * inner.channels()];
            for (int i = 0; i < values.length; i++) {
                values[i] = 2 * random.nextFloat() - 1;
            }
            return quantized(
                    values, outer.channels(), new InputQuantization(inner, order(inner, expert), ScaleRule.CEIL));
        }
        float[] values = new float[outer.channels() * inner.channels()];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextInt(4) == 0 ? 1 - 2 * random.nextInt(2) : 0;
        }
        int[] order = order(outer, ofOneInput ? 99 : expert);
        return quantized(values, inner.channels(), new InputQuantization(outer, order, ScaleRule.CEIL));
    }

    private static Linear.Weight quantized(float[] values, int outputs, InputQuantization input) {
        return new Linear.Weight.Quantized(
                new QuantizedWeight(new ReferenceQuantizer(input, Side.WEIGHT).quantize(values, outputs), input));
    }

    private static int[] order(ChannelSplit split, int seed) {
        int[] order = IntStream.range(0, split.channels()).toArray();
        shuffle(order, new Random(seed));
        return order;
    }

    private static void shuffle(int[] values, Random random) {
        for (int i = values.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int kept = values[i];
            values[i] = values[other];
            values[other] = kept;
        }
    }

    /** What {@code experts} add to a residual stream of zeros. */
    public float[] run(Backend backend, Experts experts, int rows) {
        Matrix x = tokens(backend, rows);
        Matrix residual = wide(backend, new float[rows * outer.channels()], rows);
        experts.accumulate(new LinearInput.Step.None(), x, scores(backend, rows, EXPERTS), residual);
        return backend.download(residual);
    }

    /** What {@code experts} make of a residual stream through a norm, with the scores of a router; those are made on their own, or not. */
    public float[] routed(Backend backend, Experts experts, int rows, boolean scored) {
        int hidden = outer.channels();
        Random random = new Random(rows);
        float[] values = new float[rows * hidden];
        for (int i = 0; i < values.length; i++) {
            values[i] = Bfloat16.toFloat(Bfloat16.fromFloat((float) random.nextGaussian()));
        }
        short[] weights = new short[EXPERTS * hidden];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = Bfloat16.fromFloat((float) random.nextGaussian());
        }
        float[] ones = new float[hidden];
        Arrays.fill(ones, 1);
        var norm = new LinearInput.Step.RmsNorm(backend.vector(ones), 1e-5f);
        Linear router = backend.linear(PlainWeight.of(ScalarArray.bf16(weights), EXPERTS, hidden), null);
        Matrix residual = wide(backend, values, rows);
        if (scored) {
            Matrix scores = backend.fp32(rows, EXPERTS);
            backend.route(residual, norm.weight(), norm.epsilon(), router, scores);
            experts.accumulate(norm, residual, scores, residual);
        } else {
            experts.accumulate(backend, norm, router, residual);
        }
        return backend.download(residual);
    }

    /** Tokens whose mean square is one, so that a norm leaves them as they are. */
    public Matrix tokens(Backend backend, int rows) {
        Random random = new Random(rows);
        float[] values = new float[rows * outer.channels()];
        for (int begin = 0; begin < values.length; begin += 16) {
            int[] sizes = IntStream.range(0, 16).toArray();
            shuffle(sizes, random);
            for (int i = 0; i < 16; i++) {
                float size = sizes[i] == 0 ? 2 : sizes[i] < 5 ? 0.5f : 1;
                values[begin + i] = random.nextBoolean() ? size : -size;
            }
        }
        float[] ones = new float[outer.channels()];
        Arrays.fill(ones, 1);
        Matrix x = backend.activations(rows, outer.channels());
        backend.rmsNorm(wide(backend, values, rows), backend.vector(ones), 0, x);
        return x;
    }

    /** Scores, some of them equal, by which no token goes to {@link #IDLE}. */
    public static Matrix scores(Backend backend, int rows, int experts) {
        Random random = new Random(rows + 1L);
        float[] values = new float[rows * experts];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % experts == IDLE ? -4 : random.nextInt(64) / 16f - 2;
        }
        return wide(backend, values, rows);
    }

    /** {@code values}, exact in BF16, in FP32. */
    private static Matrix wide(Backend backend, float[] values, int rows) {
        short[] table = new short[values.length];
        for (int i = 0; i < values.length; i++) {
            table[i] = Bfloat16.fromFloat(values[i]);
        }
        int columns = values.length / rows;
        Matrix matrix = backend.fp32(rows, columns);
        Batches.embed(
                backend,
                backend.embedding(PlainWeight.of(ScalarArray.bf16(table), rows, columns)),
                IntStream.range(0, rows).toArray(),
                matrix);
        return matrix;
    }
}
