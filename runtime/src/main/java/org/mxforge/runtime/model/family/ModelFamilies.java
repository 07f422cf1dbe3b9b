package org.mxforge.runtime.model.family;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.json.JsonFields;

/** The families that the decoder runs. */
final class ModelFamilies {
    private static final List<ModelFamily> ALL =
            List.of(new Llama(), new Mistral(), new Mixtral(), new Qwen2(), new Qwen3());

    private ModelFamilies() {}

    /**
     * The family of a {@code config.json}: of its {@code architectures}, with which {@code model_type} must not be at odds, or where
     * it has none, of its {@code model_type}.
     */
    static ModelFamily of(JsonFields fields) {
        List<String> architectures = fields.texts("architectures");
        Optional<ModelFamily> typed = byType(fields.text("model_type", ""));
        if (architectures.isEmpty()) {
            return typed.orElseThrow(() -> unsupported(fields, fields.text("model_type")));
        }
        ModelFamily family = architectures.stream()
                .flatMap(name -> byArchitecture(name).stream())
                .findFirst()
                .orElseThrow(() -> unsupported(fields, String.join(", ", architectures)));
        if (typed.isPresent() && typed.get() != family) {
            throw new MxForgeException(fields.where() + " is at odds with itself: model_type is "
                    + typed.get().modelType() + ", but architectures has " + family.architecture() + ", which is "
                    + family.modelType() + ": correct the one that is wrong");
        }
        return family;
    }

    private static Optional<ModelFamily> byType(String name) {
        return ALL.stream().filter(family -> family.modelType().equals(name)).findFirst();
    }

    /** The first checkpoints on the hub wrote LLaMAForCausalLM. */
    private static Optional<ModelFamily> byArchitecture(String name) {
        return ALL.stream()
                .filter(family -> family.architecture().equalsIgnoreCase(name))
                .findFirst();
    }

    private static MxForgeException unsupported(JsonFields fields, String name) {
        return new MxForgeException(fields.where() + " describes " + name + ", which is not supported; supported are "
                + ALL.stream()
                        .map(family -> family.architecture() + " (" + family.modelType() + ")")
                        .collect(Collectors.joining(", ")));
    }
}
