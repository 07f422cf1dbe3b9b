package org.mxforge.runtime.model.family;

import java.util.List;
import java.util.stream.Collectors;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.json.JsonFields;

/** The families that the decoder runs. */
final class ModelFamilies {
    private static final List<ModelFamily> ALL = List.of(new Llama(), new Qwen2(), new Qwen3(), new Mixtral());

    private ModelFamilies() {}

    /** The family of a {@code config.json}: of its {@code architectures}, or where it has none, of its {@code model_type}. */
    static ModelFamily of(JsonFields fields) {
        List<String> architectures = fields.texts("architectures");
        List<String> candidates = architectures.isEmpty() ? List.of(fields.text("model_type")) : architectures;
        return candidates.stream()
                .flatMap(name -> ALL.stream()
                        .filter(family -> family.architecture().equals(name)
                                || family.modelType().equals(name)))
                .findFirst()
                .orElseThrow(() -> new MxForgeException(fields.where() + " describes "
                        + String.join(", ", candidates) + ", which is not supported; supported are "
                        + ALL.stream()
                                .map(family -> family.architecture() + " (" + family.modelType() + ")")
                                .collect(Collectors.joining(", "))));
    }
}
