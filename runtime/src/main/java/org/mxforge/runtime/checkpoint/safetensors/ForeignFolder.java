package org.mxforge.runtime.checkpoint.safetensors;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.files.UserOutput;

/** What a folder without weights in safetensors holds instead, by the names in it, and what is to be done about it. */
final class ForeignFolder {
    private static final String CONVERT =
            ": save the model with transformers' save_pretrained(..., safe_serialization=True), or get it in"
                    + " safetensors";

    /**
     * A kind of folder.
     *
     * @param names of a file that shows it
     * @param sentence what is said of that file, and what to do
     */
    private record Kind(Predicate<String> names, String sentence) {
        static Kind of(String pattern, String sentence) {
            return new Kind(Pattern.compile(pattern).asMatchPredicate(), sentence);
        }
    }

    /** Which is found first is told. */
    private static final List<Kind> KINDS = List.of(
            Kind.of(
                    "adapter_(config\\.json|model\\..*)",
                    "an adapter (LoRA) without its base model: merge it into that with peft's merge_and_unload, and save the result"),
            Kind.of(
                    ".*\\.(incomplete|crdownload|part|aria2)",
                    "a download that is not complete: fetch the checkpoint again"),
            Kind.of(
                    ".*\\.gguf",
                    "weights for llama.cpp (GGUF): get the model in safetensors, from which such files are made"),
            Kind.of(
                    "consolidated.*\\.(pth|pt|bin)",
                    "weights in Meta's own layout (pickles): get the model in Hugging Face layout, with"
                            + " config.json and safetensors"),
            Kind.of(
                    "consolidated.*\\.safetensors",
                    "weights in Mistral's own layout: get model.safetensors or model-00001-of-... and config.json of the same model"),
            Kind.of("openvino_.*", "a model for OpenVINO" + CONVERT),
            Kind.of("flax_model.*|.*\\.msgpack", "weights for Flax" + CONVERT),
            Kind.of("tf_model.*|.*\\.h5|saved_model\\.pb|.*\\.ckpt.*|.*\\.tflite", "weights for TensorFlow" + CONVERT),
            Kind.of("onnx|.*\\.onnx(_data)?|.*\\.onnx\\.data", "a model for ONNX" + CONVERT),
            Kind.of(".*\\.npz", "weights for NumPy or MLX" + CONVERT),
            Kind.of(
                    ".*\\.(bin|pt|pth|pkl|bin\\.index\\.json)",
                    "weights as PyTorch pickles, which can run any code when they are read" + CONVERT),
            Kind.of(
                    ".*\\.safetensors",
                    "safetensors under another name: fetch model.safetensors.index.json as well, or call a single file model.safetensors"),
            Kind.of(
                    "snapshots|models--.*",
                    "the folders of a Hugging Face hub cache: point at models--OWNER--NAME/snapshots/REVISION in it"));

    private ForeignFolder() {}

    /** The failure to find weights in {@code folder}, with what it holds. */
    static MxForgeException failure(Path folder, String wanted) {
        List<String> names;
        try (Stream<Path> files = Files.list(folder)) {
            names = files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            return new MxForgeException("folder " + folder + " cannot be read: " + UserOutput.reason(e), e);
        }
        if (names.isEmpty()) {
            return new MxForgeException(folder + " is an empty folder: point at a folder with a checkpoint");
        }
        String found = KINDS.stream()
                .flatMap(kind -> first(kind, names).stream())
                .findFirst()
                .orElse(": point at a folder with a checkpoint");
        return new MxForgeException(folder + " holds " + wanted + found);
    }

    private static Optional<String> first(Kind kind, List<String> names) {
        return names.stream()
                .filter(name -> kind.names().test(name.toLowerCase(Locale.ROOT)))
                .findFirst()
                .map(name -> ", but " + name + ", " + kind.sentence());
    }
}
