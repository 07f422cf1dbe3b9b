package org.mxforge.runtime.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.exec.spi.Linear.Weight;
import org.mxforge.runtime.exec.spi.Linear.Weight.Cut;
import org.mxforge.runtime.model.family.DecoderLayer;
import org.mxforge.runtime.model.family.DecoderLayer.FeedForwardBlock;
import org.mxforge.runtime.model.family.ModelConfig;
import org.mxforge.runtime.quant.LinearLayer;

/** The layers of a model in parts for several devices, as {@link org.mxforge.runtime.exec.shard} says. */
final class SharedLayers implements Function<LinearLayer, Weight> {
    private final Checkpoint whole;
    private final int count;
    private final Map<String, Function<LinearLayer, Weight>> cuts = new HashMap<>();

    /**
     * The layers of {@code whole}.
     *
     * @param count devices, two or more
     * @throws MxForgeException if they cannot share the model
     */
    SharedLayers(Checkpoint whole, int count) {
        this.whole = whole;
        this.count = count;
        ModelConfig config = whole.config();
        if (config.kvHeads() % count != 0) {
            throw new MxForgeException(
                    config.kvHeads() + " key/value heads of " + whole.folder().getFileName() + " cannot be shared by "
                            + count + " GPUs: use a number that divides them, or one GPU");
        }
        config.decoderLayers().forEach(this::cut);
    }

    private void cut(DecoderLayer layer) {
        layer.attention().input().layers().forEach(heads -> cuts.put(heads.name(), this::evenly));
        layer.attention().output().layers().forEach(output -> cuts.put(output.name(), this::uncut));
        FeedForwardBlock.Gated gated = layer.feedForward().map(block -> block, routed -> {
            throw new MxForgeException("the experts of " + whole.folder().getFileName()
                    + " cannot be shared by several GPUs yet: use one GPU");
        });
        LinearLayer down = gated.output().layers().get(0);
        if (down.bias()) {
            throw new MxForgeException(
                    down.name() + " has a bias, which GPUs that share its channels cannot add yet: use" + " one GPU");
        }
        gated.input()
                .layers()
                .forEach(input -> cuts.put(
                        input.name(),
                        of -> outputs(of, part -> whole.weight(down).channelsOf(part, count))));
        cuts.put(down.name(), this::channels);
    }

    @Override
    public Weight apply(LinearLayer layer) {
        return cuts.get(layer.name()).apply(layer);
    }

    /** Each device gets as many outputs as the others, those of heads: in their order. */
    private Weight evenly(LinearLayer layer) {
        int own = layer.outputs() / count;
        return outputs(
                layer, part -> IntStream.range(part * own, (part + 1) * own).toArray());
    }

    /** Each device gets the outputs with the numbers that {@code rows} has for it. */
    private Weight outputs(LinearLayer layer, IntFunction<int[]> rows) {
        Weight weight = whole.weight(layer);
        List<Weight> parts = new ArrayList<>();
        List<int[]> numbers = new ArrayList<>();
        for (int part = 0; part < count; part++) {
            numbers.add(rows.apply(part));
            parts.add(weight.withRows(numbers.get(part)));
        }
        return new Weight.Shared(Cut.OUTPUTS, layer.outputs(), parts, numbers);
    }

    private Weight channels(LinearLayer layer) {
        Weight weight = whole.weight(layer);
        return shared(Cut.CHANNELS, layer, part -> weight.share(part, count));
    }

    private Weight uncut(LinearLayer layer) {
        Weight weight = whole.weight(layer);
        return shared(Cut.NOTHING, layer, part -> weight);
    }

    /** Each device has all outputs. */
    private Weight shared(Cut cut, LinearLayer layer, IntFunction<Weight> part) {
        int[] all = IntStream.range(0, layer.outputs()).toArray();
        return new Weight.Shared(
                cut,
                layer.outputs(),
                IntStream.range(0, count).mapToObj(part).toList(),
                IntStream.range(0, count).mapToObj(any -> all).toList());
    }
}
