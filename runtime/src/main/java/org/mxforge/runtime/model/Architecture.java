package org.mxforge.runtime.model;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The model families that the decoder runs. */
public enum Architecture {
    LLAMA("llama", "LlamaForCausalLM"),
    QWEN2("qwen2", "Qwen2ForCausalLM"),
    MIXTRAL("mixtral", "MixtralForCausalLM");

    private final String modelType;
    private final String className;

    Architecture(String modelType, String className) {
        this.modelType = modelType;
        this.className = className;
    }

    /** The family that {@code config.json} calls so in {@code architectures} or {@code model_type}. */
    static Optional<Architecture> named(String name) {
        return Arrays.stream(values())
                .filter(a -> a.className.equals(name) || a.modelType.equals(name))
                .findFirst();
    }

    /** All of them, for messages. */
    static String supported() {
        return Arrays.stream(values())
                .map(a -> a.className + " (" + a.modelType + ")")
                .collect(Collectors.joining(", "));
    }
}
