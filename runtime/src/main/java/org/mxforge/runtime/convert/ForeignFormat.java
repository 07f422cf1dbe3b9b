package org.mxforge.runtime.convert;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.json.JsonFields;
import org.mxforge.runtime.base.options.CheckpointFormat;
import org.mxforge.runtime.checkpoint.safetensors.TensorType;
import org.mxforge.runtime.quant.LinearLayer;
import org.mxforge.runtime.quant.Recipe;

/**
 * How another program writes a checkpoint: all linear layers in one pair of formats, their channels in order, codes and scales packed as
 * here. What programs differ in is the tensors' names and what {@code quantization_config} says.
 */
interface ForeignFormat {
    /** All that are written and read, by what {@code quantization_config} calls their method. */
    Map<String, ForeignFormat> BY_METHOD = byMethod(new CompressedTensors(), new Quark());

    private static Map<String, ForeignFormat> byMethod(ForeignFormat... formats) {
        Map<String, ForeignFormat> all = new LinkedHashMap<>();
        for (ForeignFormat format : formats) {
            all.put(format.name().text(), format);
        }
        return all;
    }

    /** What users call it; its text is the method's name as well. */
    CheckpointFormat name();

    /** Whether it has {@code pair}. */
    boolean has(FormatPair pair);

    /** The recipes that it has, in words. */
    String recipes();

    /** The tensor of a layer's codes, [outputs][bytes of a row]. */
    default String codes(LinearLayer layer, ElementFormat format) {
        return layer.name() + ".weight";
    }

    /** The tensor of a layer's scales, U8 [outputs][groups], E8M0. */
    default String scales(LinearLayer layer) {
        return layer.name() + ".weight_scale";
    }

    /** The type that codes of {@code format} have in a file. */
    default TensorType type(ElementFormat format) {
        return switch (format) {
            case E4M3 -> TensorType.F8_E4M3;
            case E5M2 -> TensorType.F8_E5M2;
            default -> TensorType.U8;
        };
    }

    /**
     * Says in {@code quantization_config} how a checkpoint is quantized.
     *
     * @param plain the linear layers that are not
     */
    void describe(ObjectNode config, FormatPair pair, ScaleRule rule, Set<String> plain);

    /**
     * Reads {@code quantization_config}: weights as they are, activations quantized as the program does.
     *
     * @throws MxForgeException naming the key that is missing, or means something that is not read: it would be lost
     */
    Recipe read(JsonFields config);

    /** The recipe of one pair for all channels. */
    static Recipe uniform(FormatPair pair, ScaleRule rule) {
        return Recipe.parse(pair.text() + "/" + rule.text());
    }

    /** Refuses another value than {@code wanted}. */
    static void require(JsonFields fields, String key, String wanted) {
        if (!fields.text(key).equals(wanted)) {
            throw fields.bad(key, wanted);
        }
    }

    /** Refuses another number than {@code wanted}. */
    static void require(JsonFields fields, String key, int wanted) {
        if (fields.integer(key, Integer.MIN_VALUE, Integer.MAX_VALUE) != wanted) {
            throw fields.bad(key, wanted + ", the one that is read");
        }
    }

    /** Refuses a value that says something. */
    static void requireNothing(JsonFields fields, String... keys) {
        for (String key : keys) {
            if (fields.has(key)
                    && !(fields.object().get(key).isContainerNode()
                            && fields.object().get(key).isEmpty())) {
                throw fields.bad(key, "null, the one that is read");
            }
        }
    }

    /** Refuses keys beyond those whose values are looked at, or mean nothing for what the tensors are. */
    static void known(JsonFields fields, Set<String> keys) {
        fields.object().fieldNames().forEachRemaining(key -> {
            if (!keys.contains(key)) {
                throw new MxForgeException(fields.where() + " has a key '" + key
                        + "' that is not read here: what it says of the tensors would be lost");
            }
        });
    }
}
