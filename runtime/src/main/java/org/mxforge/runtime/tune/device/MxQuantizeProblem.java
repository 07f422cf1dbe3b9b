package org.mxforge.runtime.tune.device;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.layout.Partition;
import org.mxforge.dsl.shape.QuantizeShape;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.spec.Prologue;
import org.mxforge.runtime.quant.InputQuantization;

/**
 * A reorder-quantize with its input in host memory. The input is such that host and GPU agree on its prologue to the last bit: squares
 * whose sum is exact in any order, gates so large that SiLU is the identity, or none.
 *
 * @param spec what is computed
 * @param layout how the result lies
 * @param shape its size
 * @param pattern its rows, which repeat
 */
record MxQuantizeProblem(MxQuantizeSpec spec, OperandLayout layout, QuantizeShape shape, RowPattern pattern) {
    /** More pairs of rows than blocks of any GPU run at a time, so that blocks take several. */
    private static final int MOST_CHECKED_ROWS = 4096;

    private static final float EPSILON = 0.25f;

    /** Binades that the groups of a row are spread over, by turns: few, and so many that scales have no room in containers. */
    private static final List<Integer> SPREADS = List.of(12, 3, 60);

    /** Input on which every right kernel gives the same bytes; the number of rows is odd where the shape allows it. */
    static MxQuantizeProblem exact(MxQuantizeSpec spec, OperandLayout layout, QuantizeShape shape) {
        int rows = shape.m() <= 2 ? shape.m() : Math.min(shape.m(), MOST_CHECKED_ROWS) - 1;
        QuantizeShape checked = new QuantizeShape(rows, shape.k());
        return new MxQuantizeProblem(spec, layout, checked, pattern(spec, checked, SPREADS));
    }

    /** Normally distributed rows as layers have them, for timing: what time a prologue takes depends on its numbers. */
    static MxQuantizeProblem random(MxQuantizeSpec spec, OperandLayout layout, QuantizeShape shape) {
        Random random = new Random(1);
        int channels = shape.channels();
        int values = Math.multiplyExact(Math.min(shape.m(), RowPattern.ROWS), width(spec, shape));
        RowPattern pattern = new RowPattern(
                normal(spec, random, values),
                normal(spec, random, spec.prologue().norms() ? channels : 0),
                normal(spec, random, spec.prologue() == Prologue.RMSNORM_CENTRED ? channels : 0),
                EPSILON,
                shuffled(channels, random));
        return new MxQuantizeProblem(spec, layout, shape, pattern);
    }

    /** Numbers of a row of the input. */
    int width() {
        return width(spec, shape);
    }

    private static int width(MxQuantizeSpec spec, QuantizeShape shape) {
        return spec.prologue() == Prologue.SILU_MUL ? 2 * shape.channels() : shape.channels();
    }

    private static float[] normal(MxQuantizeSpec spec, Random random, int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = source(spec, (float) random.nextGaussian());
        }
        return values;
    }

    /** Numbers that every prologue leaves exact, spread over binades. */
    private static RowPattern pattern(MxQuantizeSpec spec, QuantizeShape shape, List<Integer> spreads) {
        Random random = new Random(1);
        int channels = shape.channels();
        int[] order = shuffled(channels, random);
        boolean norm = spec.prologue().norms();
        int width = width(spec, shape);
        int rows = Math.min(shape.m(), RowPattern.ROWS);
        float[] x = new float[Math.multiplyExact(rows, width)];
        float[] weight = new float[norm ? channels : 0];
        for (int i = 0; i < weight.length; i++) {
            weight[order[i]] = bf16(normal(random, i, spreads.get(0)));
        }
        float[] centre = new float[spec.prologue() == Prologue.RMSNORM_CENTRED ? channels : 0];
        for (int i = 0; i < centre.length; i++) {
            centre[order[i]] = bf16(normal(random, i, spreads.get(0)));
        }
        for (int at = 0; at < rows * channels; at++) {
            int channel = at % channels;
            int place = at / channels * width + order[channel];
            int spread = spreads.get(at / channels % spreads.size());
            switch (spec.prologue()) {
                case NONE -> x[place] = source(spec, normal(random, channel, spread));
                case RMSNORM, RMSNORM_CENTRED -> x[place] = random.nextInt(33) - 16;
                case SILU_MUL -> {
                    x[place] = random.nextInt(8) == 0 ? 0 : source(spec, 128 + random.nextInt(4000) / 8f);
                    x[place + channels] = source(spec, normal(random, channel, spread));
                }
            }
        }
        return new RowPattern(x, weight, centre, EPSILON, order);
    }

    /** A value of new channel {@code channel}. Groups share a size: else the largest of 32 would hide how they differ. */
    private static float normal(Random random, int channel, int spread) {
        return (float) Math.scalb(random.nextGaussian(), -(channel / GroupLayout.GROUP * 7 % (spread + 1)));
    }

    private static float source(MxQuantizeSpec spec, float value) {
        return spec.source() == ScalarType.FP32 ? value : bf16(value);
    }

    private static float bf16(float value) {
        return Bfloat16.toFloat(Bfloat16.fromFloat(value));
    }

    private static int[] shuffled(int channels, Random random) {
        int[] order = new int[channels];
        for (int i = 1; i < channels; i++) {
            int other = random.nextInt(i + 1);
            order[i] = order[other];
            order[other] = i;
        }
        return order;
    }

    /** Split, order, rule and transform. */
    private InputQuantization quantization() {
        List<Partition> partitions = new ArrayList<>();
        for (int i = 0; i < spec.formats().size(); i++) {
            ElementFormat format = spec.formats().get(i);
            partitions.add(
                    new Partition(new FormatPair(format, format), shape.k().get(i)));
        }
        return new InputQuantization(
                new ChannelSplit(partitions, GroupLayout.GROUP, spec.groups()),
                pattern.order(),
                spec.rule(),
                spec.transform());
    }

    /** What the prologue makes of the first {@code rows} rows of the pattern. */
    private float[] values(int rows) {
        int channels = shape.channels();
        float[] values = new float[rows * channels];
        for (int row = 0; row < rows; row++) {
            float norm = spec.prologue().norms() ? norm(row * channels, channels) : 1;
            for (int channel = 0; channel < channels; channel++) {
                int at = row * width() + channel;
                values[row * channels + channel] = switch (spec.prologue()) {
                    case NONE -> pattern.x()[at];
                    case RMSNORM -> pattern.x()[at] * pattern.weight()[channel] * norm;
                    case RMSNORM_CENTRED ->
                        pattern.x()[at] * pattern.weight()[channel] * norm - pattern.centre()[channel];
                    case SILU_MUL -> pattern.x()[at] * pattern.x()[at + channels];
                };
            }
        }
        return values;
    }

    private float norm(int offset, int channels) {
        float squares = 0;
        for (int i = offset; i < offset + channels; i++) {
            squares += pattern.x()[i] * pattern.x()[i];
        }
        return (float) (1 / Math.sqrt(squares / channels + pattern.epsilon()));
    }

    QuantizeCheck check() {
        ExpectedRows expected = new ExpectedRows(quantization(), spec.side(), layout, spec.tolerance());
        int whole = shape.m() / RowPattern.ROWS;
        int rest = shape.m() % RowPattern.ROWS;
        return new QuantizeCheck(
                whole,
                expected.bytes(values(whole > 0 ? RowPattern.ROWS : 0), whole > 0 ? RowPattern.ROWS : 0),
                expected.bytes(values(rest), rest));
    }
}
