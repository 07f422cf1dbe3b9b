package org.mxforge.runtime.model.family;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.json.JsonFields;

/** Checkpoints that other programs quantized, whose tensors mean something else here or nothing. */
final class ForeignQuantization {
    /** What copies by this program have as their method. */
    private static final String OURS = "mxforge";

    /** Methods whose checkpoints {@code mxforge import} reads. */
    private static final Set<String> IMPORTED = Set.of("compressed-tensors", "quark");

    /** Transformers and most others; compressed-tensors of old; MLX. */
    private static final List<String> KEYS = List.of("quantization_config", "compression_config", "quantization");

    private ForeignQuantization() {}

    /** @throws MxForgeException naming the method, if {@code config} says that another program quantized the checkpoint */
    static void refuse(JsonFields config) {
        for (String key : KEYS) {
            JsonNode value = config.object().get(key);
            if (value != null && value.isObject() && !value.isEmpty()) {
                String method = key.equals("quantization") ? "MLX" : method(value);
                if (!method.equals(OURS)) {
                    throw new MxForgeException(
                            config.where() + ": the checkpoint is quantized by " + method + " (" + key
                                    + "), which is not read here: "
                                    + (IMPORTED.contains(method)
                                            ? "'mxforge import' makes a copy of its MX formats that is, else "
                                            : "")
                                    + "start from the original in BF16, F16 or F32 and quantize that");
                }
            }
        }
    }

    private static String method(JsonNode section) {
        for (String key : List.of("quant_method", "quant_type", "quant_algo")) {
            if (section.path(key).isTextual()) {
                return section.get(key).textValue();
            }
        }
        boolean bitsAndBytes = section.has("load_in_4bit") || section.has("load_in_8bit");
        return bitsAndBytes ? "bitsandbytes" : "a method that is not named";
    }
}
