package org.mxforge.runtime.quant;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a search found for one model: how its tensors are changed, its inputs quantized and its weights rounded.
 *
 * @param transform what is done to the tensors first
 * @param sites what each became, in the order of the model
 * @param weights the quantized weight of each layer, by its name
 * @param drift after each residual block, how far the residual stream of the quantized model is from the plain one's: the squared distance
 *     over the squared length, on some of the text; empty where the search did not run both
 * @param time what the linear layers take on the device that the search ran on, if the budget was one of time
 * @param took how long the search went on
 */
public record Refinement(
        TensorTransform transform,
        List<Site> sites,
        Map<String, QuantizedWeight> weights,
        List<Double> drift,
        Optional<Time> time,
        Took took) {
    /**
     * Seconds of a search, or of the part of it that came after it was interrupted.
     *
     * @param seconds in all
     * @param stages what is done, such as {@code probing}, and seconds of that, in the order in which they were first begun
     */
    public record Took(double seconds, Map<String, Double> stages) {
        public Took {
            stages = Collections.unmodifiableMap(new LinkedHashMap<>(stages));
        }
    }

    /**
     * What the work of a budget takes.
     *
     * @param budget milliseconds that it had
     * @param millis what it takes: the sum over the layers of what their kernels took alone
     * @param measured sites whose own split was measured; what the others take was reckoned from splits of layers of their size
     */
    public record Time(double budget, double millis, int measured) {}

    /**
     * A site and what was thought of it. Losses are divergences of the model's output from the plain model's, in nats for a token.
     *
     * @param input how it is quantized
     * @param activationLoss what was measured with its activations alone in E2M1
     * @param weightLoss what was measured with its weights alone in E2M1
     * @param predicted what it will cost as it is now
     */
    public record Site(
            LinearSite site, InputQuantization input, double activationLoss, double weightLoss, double predicted) {
        /** Products of a token: weights of the site. */
        public long size() {
            return site.layers().stream()
                    .mapToLong(layer -> (long) layer.outputs() * layer.channels())
                    .sum();
        }
    }

    public Refinement {
        sites = List.copyOf(sites);
        weights = Map.copyOf(weights);
        drift = List.copyOf(drift);
    }

    /** How the input of {@code site} is quantized. */
    public InputQuantization input(LinearSite site) {
        return sites.stream()
                .filter(found -> found.site().name().equals(site.name()))
                .findFirst()
                .orElseThrow()
                .input();
    }

    /** The quantized weight of {@code layer}. */
    public QuantizedWeight weight(LinearLayer layer) {
        return weights.get(layer.name());
    }

    /** Mean bits of a weight, scales not counted. */
    public double weightBits() {
        return mean(site -> site.input().split().weightBits());
    }

    /** Mean bits of an activation by the products that it goes into, scales not counted. */
    public double activationBits() {
        return mean(site -> site.input().split().activationBits());
    }

    private double mean(Function<Site, Double> bits) {
        double sum = sites.stream()
                .mapToDouble(site -> bits.apply(site) * site.size())
                .sum();
        return sum / sites.stream().mapToLong(Site::size).sum();
    }

    /** What all sites together are predicted to cost, in nats for a token. */
    public double predicted() {
        return sites.stream().mapToDouble(Site::predicted).sum();
    }
}
