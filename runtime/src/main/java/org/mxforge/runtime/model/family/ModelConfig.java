package org.mxforge.runtime.model.family;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.format.CacheFormat;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.json.JsonFields;
import org.mxforge.runtime.quant.LinearSite;

/**
 * What a decoder looks like; read from {@code config.json} with the help of the model's family. Tensors are named without
 * {@code .weight}.
 *
 * @param vocabulary tokens
 * @param embedding the embedding table
 * @param hidden width of the residual stream
 * @param decoderLayers the layers in their order
 * @param heads query heads
 * @param kvHeads key and value heads; divides {@code heads}
 * @param head width of a head
 * @param maxPositions longest context in tokens, that which rotary positions are stretched to
 * @param epsilon of the RMS norms
 * @param rope the rotary positions
 * @param norm the last norm
 * @param outputHead what projects to the vocabulary; the embedding table where the two are tied
 * @param endTokens ids that end a text
 */
public record ModelConfig(
        int vocabulary,
        String embedding,
        int hidden,
        List<DecoderLayer> decoderLayers,
        int heads,
        int kvHeads,
        int head,
        int maxPositions,
        float epsilon,
        Rope rope,
        String norm,
        String outputHead,
        Set<Integer> endTokens) {
    /** What the tensor is called, behind a norm's name, that is taken off what the norm gives. */
    public static final String CENTRE = ".centre";

    public ModelConfig {
        decoderLayers = List.copyOf(decoderLayers);
        endTokens = Set.copyOf(endTokens);
    }

    /**
     * The configuration of the checkpoint in {@code folder}, its end tokens together with those of
     * {@code generation_config.json} if there is one.
     *
     * @throws org.mxforge.runtime.base.MxForgeException naming the file and the key that is missing, out of bounds or not
     *     supported
     */
    public static ModelConfig read(Path folder) {
        return ConfigReader.read(folder);
    }

    /**
     * The configuration that {@code config} is, as {@code config.json} would have it.
     *
     * @param where what messages call it
     */
    public static ModelConfig of(String where, ObjectNode config) {
        return ConfigReader.of(new JsonFields(where, config));
    }

    /** The same model with other rotary positions. */
    public ModelConfig with(Rope rope) {
        return with(rope, outputHead);
    }

    /** The same model whose output head is a table of its own. */
    public ModelConfig untied() {
        return tiedEmbeddings() ? with(rope, ModelFamily.OUTPUT_HEAD) : this;
    }

    /**
     * The same model, in which the layers that read a norm with a {@link #CENTRE} have a bias, which makes good what is taken off.
     *
     * @param has whether the model has a tensor
     */
    public ModelConfig centred(Predicate<String> has) {
        return with(
                decoderLayers.stream()
                        .map(layer -> layer.centred(norm -> has.test(norm + CENTRE)))
                        .toList(),
                rope,
                outputHead);
    }

    private ModelConfig with(Rope rope, String outputHead) {
        return with(decoderLayers, rope, outputHead);
    }

    private ModelConfig with(List<DecoderLayer> decoderLayers, Rope rope, String outputHead) {
        return new ModelConfig(
                vocabulary,
                embedding,
                hidden,
                decoderLayers,
                heads,
                kvHeads,
                head,
                maxPositions,
                epsilon,
                rope,
                norm,
                outputHead,
                endTokens);
    }

    /** How many decoder layers there are. */
    public int layers() {
        return decoderLayers.size();
    }

    /** Width of all query heads. */
    public int queryWidth() {
        return heads * head;
    }

    /** Width of all key heads, and of all value heads. */
    public int keyWidth() {
        return kvHeads * head;
    }

    /** Width inside the widest MLP that every token goes through; 0 where experts take its place in all layers. */
    public int intermediate() {
        return decoderLayers.stream()
                .mapToInt(
                        layer -> layer.feedForward().map(gated -> gated.output().channels(), routed -> 0))
                .max()
                .orElse(0);
    }

    /** Whether the output head is the embedding table. */
    public boolean tiedEmbeddings() {
        return outputHead.equals(embedding);
    }

    /** The linear sites of all layers in the order of the forward pass; routers and the output head are none. */
    public List<LinearSite> linearSites() {
        return decoderLayers.stream().flatMap(layer -> layer.sites().stream()).toList();
    }

    /**
     * Refuses a context that the model does not take.
     *
     * @throws MxForgeException saying how many tokens it takes
     */
    public void checkContext(int tokens) {
        if (tokens < 1 || tokens > maxPositions) {
            throw new MxForgeException("a context of " + tokens + " tokens was asked for, but the model takes 1 to "
                    + maxPositions + ": shorten the text or the window");
        }
    }

    /**
     * Refuses a way of keeping keys and values that is not for this model's heads.
     *
     * @throws MxForgeException saying which heads it is for
     */
    public void checkCache(CacheFormat format) {
        format.refusal(head).ifPresent(why -> {
            throw new MxForgeException(why + " as this model has them: use bf16");
        });
    }

    /**
     * Refuses tokens that are none of the model's.
     *
     * @throws MxForgeException naming the first of them
     */
    public void checkTokens(int... ids) {
        for (int id : ids) {
            if (id < 0 || id >= vocabulary) {
                throw new MxForgeException("token " + id + " is outside the model's vocabulary of " + vocabulary
                        + ": the tokenizer or the ids belong to another model");
            }
        }
    }

    /**
     * The rotary position embedding of a model.
     *
     * @param theta base of the frequencies
     * @param scaling how they are stretched
     * @param precision what frequencies are rounded to: FP32 as in a model that transformers loads, or BF16 as in one that was
     *     cast as a whole, by {@code model.to(torch.bfloat16)}
     */
    public record Rope(double theta, RopeScaling scaling, ScalarType precision) {
        public Rope {
            if (precision == ScalarType.FP16) {
                throw new IllegalArgumentException("rotary frequencies are rounded to fp32 or bf16, not fp16");
            }
        }

        /** The rotation of each pair of channels of a head in radians a position, {@code [head / 2]}, in a text of {@code length}. */
        public float[] frequencies(int head, int length) {
            double[] exact = scaling.frequencies(theta, head, length);
            float[] frequencies = new float[exact.length];
            for (int i = 0; i < frequencies.length; i++) {
                float rounded = (float) exact[i];
                frequencies[i] = precision == ScalarType.BF16 ? Bfloat16.toFloat(Bfloat16.fromFloat(rounded)) : rounded;
            }
            return frequencies;
        }

        /** A length of text with the frequencies of one of {@code length} tokens, the same for all that share them. */
        public int span(int length) {
            return scaling.span(length);
        }

        /** What cosines and sines are multiplied by, so that attention stays as sharp in long contexts. */
        public double attentionFactor() {
            return scaling.attentionFactor();
        }

        /** The same with frequencies rounded to {@code precision}. */
        public Rope with(ScalarType precision) {
            return new Rope(theta, scaling, precision);
        }
    }
}
