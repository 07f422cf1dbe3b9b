package org.mxforge.runtime.refine;

import java.util.Arrays;
import org.mxforge.runtime.model.family.ModelConfig;
import org.mxforge.runtime.quant.LinearSite;
import org.mxforge.runtime.quant.MixedRecipe.Smoothing;

/** What the channels of inputs are multiplied by, and weights divided by, so that rounding costs both sides alike. */
final class SmoothingFactors {
    /** Factors are between e^-4 and e^4. */
    private static final double MOST = 4;

    private SmoothingFactors() {}

    /**
     * Those of {@code site}, their geometric mean 1 before they are limited.
     *
     * @param weight of all layers of the site, [outputs][channels]
     * @param inputs of the site
     */
    static double[] of(ModelConfig config, LinearSite site, float[] weight, InputMagnitudes inputs, Smoothing form) {
        double[] squares = SiteStudy.squares(weight, site.channels());
        double[] meanSquares = inputs.meanSquares();
        double[] logs = new double[squares.length];
        double[] largest = new double[squares.length];
        Strips.each(
                weight.length,
                logs.length,
                (channel, i) -> largest[channel] = Math.max(largest[channel], Math.abs(weight[i])));
        for (int i = 0; i < logs.length; i++) {
            logs[i] = meanSquares[i] == 0 || squares[i] == 0
                    ? 0
                    : form.log(
                            new Smoothing.Magnitude(meanSquares[i], inputs.largest(i)),
                            new Smoothing.Magnitude(squares[i], largest[i]));
        }
        if (RotationSearch.isHeads(config, site.name())) {
            share(logs, config);
        }
        double mean = Arrays.stream(logs).average().orElseThrow();
        return Arrays.stream(logs)
                .map(log -> Math.exp(Math.max(-MOST, Math.min(MOST, log - mean))))
                .toArray();
    }

    /** Gives the heads that read one key/value head their mean. */
    private static void share(double[] logs, ModelConfig config) {
        int queries = config.heads() / config.kvHeads();
        int head = config.head();
        for (int kv = 0; kv < config.kvHeads(); kv++) {
            for (int i = 0; i < head; i++) {
                double sum = 0;
                for (int q = 0; q < queries; q++) {
                    sum += logs[(kv * queries + q) * head + i];
                }
                for (int q = 0; q < queries; q++) {
                    logs[(kv * queries + q) * head + i] = sum / queries;
                }
            }
        }
    }
}
