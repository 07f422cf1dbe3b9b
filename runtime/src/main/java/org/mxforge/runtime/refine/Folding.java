package org.mxforge.runtime.refine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.model.Checkpoint;
import org.mxforge.runtime.model.family.DecoderLayer;
import org.mxforge.runtime.model.family.DecoderLayer.FeedForwardBlock;
import org.mxforge.runtime.model.family.ModelConfig;
import org.mxforge.runtime.quant.LinearLayer;
import org.mxforge.runtime.quant.LinearSite;
import org.mxforge.runtime.quant.TensorTransform;

/** Changes of a model's tensors that cancel out: what one tensor brings in, those that read it take away. */
final class Folding implements TensorTransform {
    private static final String WEIGHT = ".weight";

    private final Map<String, List<Consumer<float[]>>> changes = new HashMap<>();
    private final Map<String, String> copies = new LinkedHashMap<>();
    private final Map<String, Integer> vectors = new LinkedHashMap<>();

    private Folding() {}

    /** Takes the gains of all norms over the residual stream into the layers that read them; a tied output head becomes one of its own. */
    static Folding gains(Checkpoint checkpoint) {
        ModelConfig config = checkpoint.config();
        Folding folding = new Folding();
        String head = config.untied().outputHead() + WEIGHT;
        if (config.tiedEmbeddings()) {
            folding.copies.put(head, config.embedding() + WEIGHT);
        }
        folding.gain(checkpoint, config.norm(), Set.of(head));
        for (DecoderLayer layer : config.decoderLayers()) {
            folding.gain(
                    checkpoint,
                    layer.attention().norm(),
                    weights(layer.attention().input()));
            folding.gain(checkpoint, layer.feedForward().norm(), readers(layer.feedForward()));
        }
        return folding;
    }

    private void gain(Checkpoint checkpoint, String norm, Set<String> readers) {
        float[] gains =
                checkpoint.weights().f32(norm + WEIGHT, checkpoint.config().hidden());
        change(norm + WEIGHT, values -> Arrays.fill(values, 1));
        for (String reader : readers) {
            change(
                    reader,
                    values -> Strips.each(values.length, gains.length, (channel, i) -> values[i] *= gains[channel]));
        }
    }

    /**
     * Rotates the residual stream, and in each layer the heads of the values, for a model whose norms have no gains.
     *
     * @param residual [hidden][hidden]
     * @param values for each layer a block [head][head] for each key/value head
     * @param rotations what multiplies by them, whenever a tensor is read
     */
    static Folding rotation(
            ModelConfig config, double[] residual, List<double[][]> values, Backend.Rotations rotations) {
        Folding folding = new Folding();
        ChannelBasis stream = new ChannelBasis.Rotation(config.hidden(), new double[][] {residual}, rotations);
        folding.change(config.embedding() + WEIGHT, stream::values);
        folding.change(config.outputHead() + WEIGHT, stream::reader);
        for (int i = 0; i < config.layers(); i++) {
            DecoderLayer layer = config.decoderLayers().get(i);
            weights(layer.attention().input()).forEach(reader -> folding.change(reader, stream::reader));
            readers(layer.feedForward()).forEach(reader -> folding.change(reader, stream::reader));
            double[][] heads = values.get(i);
            folding.made(value(layer), new ChannelBasis.Rotation(config.head(), heads, rotations));
            LinearLayer output = layer.attention().output().layers().get(0);
            folding.change(
                    output.name() + WEIGHT,
                    new ChannelBasis.Rotation(config.head(), shared(heads, config.heads()), rotations)::reader);
            folding.made(output, stream);
            layer.feedForward()
                    .sites()
                    .subList(1, layer.feedForward().sites().size())
                    .forEach(down -> folding.made(down.layers().get(0), stream));
        }
        return folding;
    }

    /** The block of each query head, which reads that of its key/value head. */
    private static double[][] shared(double[][] blocks, int heads) {
        double[][] all = new double[heads][];
        Arrays.setAll(all, head -> blocks[head * blocks.length / heads]);
        return all;
    }

    /**
     * Scales the input of each site; gains become what their stored type holds, and their readers match that exactly.
     *
     * @param checkpoint the model that is to be changed, for its gains
     * @param factors by site, [channels]; the same for all query heads of a key/value head
     */
    static Folding scaling(Checkpoint checkpoint, Map<String, double[]> factors) {
        ModelConfig config = checkpoint.config();
        Folding folding = new Folding();
        for (DecoderLayer layer : config.decoderLayers()) {
            LinearSite input = layer.attention().input();
            folding.scaleGain(checkpoint, layer.attention().norm(), factors.get(input.name()), weights(input));
            LinearSite output = layer.attention().output();
            folding.scaleValues(config, value(layer), output, factors.get(output.name()));
            FeedForwardBlock block = layer.feedForward();
            folding.scaleGain(
                    checkpoint, block.norm(), factors.get(block.sites().get(0).name()), readers(block));
            ups(block).forEach((down, up) -> {
                ChannelBasis.Scaling basis = new ChannelBasis.Scaling(factors.get(down.name()));
                folding.made(up, basis);
                weights(down).forEach(reader -> folding.change(reader, basis::reader));
            });
        }
        return folding;
    }

    private void scaleGain(Checkpoint checkpoint, String norm, double[] factors, Set<String> readers) {
        float[] gains = checkpoint.weights().f32(norm + WEIGHT, factors.length);
        float[] scaled = new float[gains.length];
        double[] kept = new double[gains.length];
        for (int i = 0; i < gains.length; i++) {
            scaled[i] = Bfloat16.toFloat(Bfloat16.fromFloat((float) (gains[i] * factors[i])));
            kept[i] = scaled[i] == 0 || gains[i] == 0 ? 1 : (double) scaled[i] / gains[i];
        }
        change(norm + WEIGHT, values -> System.arraycopy(scaled, 0, values, 0, values.length));
        readers.forEach(reader -> change(reader, new ChannelBasis.Scaling(kept)::reader));
    }

    private void scaleValues(ModelConfig config, LinearLayer value, LinearSite output, double[] factors) {
        double[] own = new double[config.keyWidth()];
        int queries = config.heads() / config.kvHeads();
        for (int i = 0; i < own.length; i++) {
            own[i] = factors[i / config.head() * queries * config.head() + i % config.head()];
        }
        made(value, new ChannelBasis.Scaling(own));
        weights(output).forEach(reader -> change(reader, new ChannelBasis.Scaling(factors)::reader));
    }

    /**
     * Takes something off what norms give, and lets biases make it good; not before experts, whose layers have none.
     *
     * @param checkpoint the model that is to be changed, for its weights
     * @param centres by site, [channels]
     */
    static Folding centring(Checkpoint checkpoint, Map<String, double[]> centres) {
        Folding folding = new Folding();
        centred(checkpoint.config())
                .forEach((site, norm) -> folding.takeOff(checkpoint, norm, site, rounded(centres.get(site.name()))));
        return folding;
    }

    /** The sites that can be centred, and the norms before them. */
    static Map<LinearSite, String> centred(ModelConfig config) {
        Map<LinearSite, String> norms = new LinkedHashMap<>();
        for (DecoderLayer layer : config.decoderLayers()) {
            norms.put(layer.attention().input(), layer.attention().norm());
            layer.feedForward().map(gated -> norms.put(gated.input(), gated.norm()), routed -> null);
        }
        return norms;
    }

    /** Every backend has vectors in BF16. */
    private static float[] rounded(double[] values) {
        float[] rounded = new float[values.length];
        for (int i = 0; i < rounded.length; i++) {
            rounded[i] = Bfloat16.toFloat(Bfloat16.fromFloat((float) values[i]));
        }
        return rounded;
    }

    private void takeOff(Checkpoint checkpoint, String norm, LinearSite site, float[] centre) {
        vector(
                norm + ModelConfig.CENTRE,
                centre.length,
                values -> System.arraycopy(centre, 0, values, 0, centre.length));
        for (LinearLayer layer : site.layers()) {
            String bias = layer.name() + ".bias";
            Map<String, double[]> known = new ConcurrentHashMap<>();
            Consumer<float[]> makeGood = values -> {
                double[] products = known.computeIfAbsent(bias, name -> products(checkpoint, layer, centre));
                double[] sums = new double[values.length];
                Arrays.setAll(sums, i -> values[i] + products[i]);
                System.arraycopy(rounded(sums), 0, values, 0, values.length);
            };
            if (layer.bias()) {
                change(bias, makeGood);
            } else {
                vector(bias, layer.outputs(), makeGood);
            }
        }
    }

    private static double[] products(Checkpoint checkpoint, LinearLayer layer, float[] centre) {
        float[] weight = checkpoint.weights().f32(layer.name() + WEIGHT, layer.outputs(), layer.channels());
        double[] sums = new double[layer.outputs()];
        for (int i = 0; i < weight.length; i++) {
            sums[i / centre.length] += (double) weight[i] * centre[i % centre.length];
        }
        return sums;
    }

    private void vector(String name, int length, Consumer<float[]> values) {
        vectors.put(name, length);
        change(name, values);
    }

    private static LinearLayer value(DecoderLayer layer) {
        return layer.attention().input().layers().get(2);
    }

    private static Map<LinearSite, LinearLayer> ups(FeedForwardBlock block) {
        Map<LinearSite, LinearLayer> ups = new LinkedHashMap<>();
        return block.map(
                gated -> {
                    ups.put(gated.output(), gated.input().layers().get(1));
                    return ups;
                },
                routed -> {
                    for (int expert = 0; expert < routed.experts(); expert++) {
                        ups.put(routed.outputs().get(expert), routed.up(expert));
                    }
                    return ups;
                });
    }

    private static Set<String> weights(LinearSite site) {
        Set<String> names = new java.util.LinkedHashSet<>();
        site.layers().forEach(layer -> names.add(layer.name() + WEIGHT));
        return names;
    }

    /** The weights that read the norm before {@code block}. */
    private static Set<String> readers(FeedForwardBlock block) {
        Set<String> names = weights(block.sites().get(0));
        block.map(gated -> false, routed -> names.add(routed.router().name() + WEIGHT));
        return names;
    }

    private void made(LinearLayer maker, ChannelBasis basis) {
        change(maker.name() + WEIGHT, basis::maker);
        if (maker.bias()) {
            change(maker.name() + ".bias", basis::values);
        }
    }

    private void change(String tensor, Consumer<float[]> change) {
        changes.computeIfAbsent(tensor, name -> new ArrayList<>()).add(change);
    }

    @Override
    public boolean changes(String tensor) {
        return changes.containsKey(tensor);
    }

    @Override
    public void apply(String tensor, float[] values) {
        changes.get(tensor).forEach(change -> change.accept(values));
    }

    @Override
    public Map<String, String> copies() {
        return copies;
    }

    @Override
    public Map<String, Integer> vectors() {
        return vectors;
    }
}
