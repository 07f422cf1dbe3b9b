package org.mxforge.runtime.quant;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * An input that one or more linear layers read; what calibration looks at and quantization reorders.
 *
 * @param name such as {@code model.layers.0.self_attn.qkv}
 * @param layers the layers that read it, all with the same channels
 * @param sizing sites of one sizing have parts of the same sizes, each in an order of its own; most are alone in theirs
 * @param together how many of the layers, in their order, one product computes: all, or those of an expert
 */
public record LinearSite(String name, List<LinearLayer> layers, String sizing, int together) {
    /** Elements of the largest weight that one product may have: those of one array. */
    public static final int MOST_ELEMENTS = Integer.MAX_VALUE - 8;

    public LinearSite {
        layers = List.copyOf(layers);
    }

    /** A site whose parts are cut as it alone wants them, and whose layers one product computes. */
    public LinearSite(String name, List<LinearLayer> layers) {
        this(name, layers, name, layers.size());
    }

    /** The same with a bias in each layer. */
    public LinearSite biased() {
        return new LinearSite(
                name,
                layers.stream()
                        .map(layer -> new LinearLayer(layer.name(), layer.outputs(), layer.channels(), true))
                        .toList(),
                sizing,
                together);
    }

    /**
     * Layers that one product computes, their outputs side by side.
     *
     * @param name of the layer if it is one, of the site if they are all of its; else such as {@code experts.0.gate_proj_up_proj}
     */
    public record Product(String name, List<LinearLayer> layers) {
        public int outputs() {
            return layers.stream().mapToInt(LinearLayer::outputs).sum();
        }

        public boolean bias() {
            return layers.stream().anyMatch(LinearLayer::bias);
        }
    }

    /** What is multiplied with the input; layers that are too large together are so alone. */
    public List<Product> products() {
        List<Product> products = new ArrayList<>();
        for (int from = 0; from < layers.size(); from += together) {
            List<LinearLayer> some = layers.subList(from, from + together);
            long outputs = some.stream().mapToLong(LinearLayer::outputs).sum();
            if (outputs * channels() <= MOST_ELEMENTS) {
                products.add(new Product(name(some), some));
            } else {
                some.forEach(layer -> products.add(new Product(layer.name(), List.of(layer))));
            }
        }
        return products;
    }

    private String name(List<LinearLayer> some) {
        String first = some.get(0).name();
        if (some.size() == 1) {
            return first;
        }
        int folder = first.lastIndexOf('.') + 1;
        return some.size() == layers.size()
                ? name
                : some.stream()
                        .map(layer -> layer.name().substring(folder))
                        .collect(Collectors.joining("_", first.substring(0, folder), ""));
    }

    /** Outputs of all layers. */
    public int outputs() {
        return layers.stream().mapToInt(LinearLayer::outputs).sum();
    }

    /** Width of the input. */
    public int channels() {
        return layers.get(0).channels();
    }
}
