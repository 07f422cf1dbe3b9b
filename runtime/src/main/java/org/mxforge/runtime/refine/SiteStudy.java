package org.mxforge.runtime.refine;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.spec.GroupTransform;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.quant.LinearSite;

/** What rounding would cost at a site: its channels in order, and for each group and format the squared errors it would leave. */
final class SiteStudy {
    private static final int GROUP = GroupLayout.GROUP;
    private static final List<ElementFormat> FORMATS = Allocation.FORMATS;

    private final LinearSite site;
    private final Supplier<float[]> stored;
    private final double[] weightSquares;
    private final double[][] weightErrors;
    private final int fingerprint;
    private final PackedOrder order;
    private final ScaleRule rule;
    private final double[] inputSquares;
    private final double[][] inputErrors;
    private long rows;

    /**
     * @param stored reads the weight of all layers of the site, one below the other, [outputs][channels]; it is not kept
     * @param meanSquares of the input's channels
     */
    SiteStudy(
            LinearSite site, Supplier<float[]> stored, double[] meanSquares, GroupTransform transform, ScaleRule rule) {
        this.site = site;
        this.stored = stored;
        this.rule = rule;
        float[] weight = stored.get();
        double[] squares = squares(weight, site.channels());
        this.order = new PackedOrder(
                IntStream.range(0, site.channels())
                        .boxed()
                        .sorted(Comparator.comparingDouble(i -> meanSquares[i] * squares[i]))
                        .mapToInt(Integer::intValue)
                        .toArray(),
                transform);
        float[] packed = order.of(Side.WEIGHT, weight);
        this.weightSquares = squares(packed, site.channels());
        this.weightErrors = weightErrors(packed, site.channels());
        this.fingerprint = Arrays.hashCode(packed);
        this.inputSquares = new double[site.channels()];
        this.inputErrors = new double[FORMATS.size()][site.channels()];
    }

    /** Sum over the outputs of each channel's squared weights. */
    static double[] squares(float[] weight, int channels) {
        double[] squares = new double[channels];
        Strips.each(weight.length, channels, (channel, i) -> squares[channel] += (double) weight[i] * weight[i]);
        return squares;
    }

    LinearSite site() {
        return site;
    }

    PackedOrder order() {
        return order;
    }

    /** Reads the weight as it is stored. */
    Supplier<float[]> stored() {
        return stored;
    }

    /** What tells the weight from others. */
    int fingerprint() {
        return fingerprint;
    }

    /** Looks at tokens of the input, [rows][channels]. */
    void add(float[] values) {
        int channels = site.channels();
        float[] packed = order.of(Side.ACTIVATION, values);
        int tokens = packed.length / channels;
        IntStream.range(0, channels / GROUP).parallel().forEach(group -> {
            for (int row = 0; row < tokens; row++) {
                int at = row * channels + group * GROUP;
                for (int i = 0; i < GROUP; i++) {
                    inputSquares[group * GROUP + i] += (double) packed[at + i] * packed[at + i];
                }
                for (int f = 0; f < FORMATS.size(); f++) {
                    int scale = GroupRounding.scale(packed, at, FORMATS.get(f), rule);
                    addErrors(packed, at, FORMATS.get(f), scale, inputErrors[f], group * GROUP);
                }
            }
        });
        rows += tokens;
    }

    private static void addErrors(float[] values, int at, ElementFormat format, int scale, double[] to, int channel) {
        for (int i = 0; i < GROUP; i++) {
            double error = GroupRounding.round(values[at + i], format, scale) - values[at + i];
            to[channel + i] += error * error;
        }
    }

    /** For each format and group, what the errors of the input add to the squared error of the outputs, for a token. */
    double[][] inputCosts() {
        return costs(inputErrors, weightSquares, rows);
    }

    /** The same of the weight's errors. */
    double[][] weightCosts() {
        return costs(weightErrors, inputSquares, rows);
    }

    /** For each format, what rounding would leave of each channel's weights, squared. */
    private static double[][] weightErrors(float[] weight, int channels) {
        double[][] errors = new double[FORMATS.size()][channels];
        IntStream.range(0, channels / GROUP).parallel().forEach(group -> {
            for (int at = group * GROUP; at < weight.length; at += channels) {
                for (int f = 0; f < FORMATS.size(); f++) {
                    int scale = GroupRounding.bestScale(weight, at, FORMATS.get(f));
                    addErrors(weight, at, FORMATS.get(f), scale, errors[f], group * GROUP);
                }
            }
        });
        return errors;
    }

    private static double[][] costs(double[][] errors, double[] factors, double rows) {
        double[][] costs = new double[errors.length][factors.length / GROUP];
        for (int f = 0; f < errors.length; f++) {
            for (int channel = 0; channel < factors.length; channel++) {
                costs[f][channel / GROUP] += errors[f][channel] * factors[channel] / Math.max(1, rows);
            }
        }
        return costs;
    }
}
