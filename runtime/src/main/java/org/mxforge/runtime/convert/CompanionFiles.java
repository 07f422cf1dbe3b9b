package org.mxforge.runtime.convert;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.files.InputFile;
import org.mxforge.runtime.base.json.JsonFields;
import org.mxforge.runtime.base.json.StrictJson;

/**
 * The files of a checkpoint beside its tensors that belong to the model itself: configurations, tokenizers in all their forms, chat
 * templates, licences. Weights of other formats, programs, reports of a training and READMEs, which speak of the original, do not.
 *
 * <p>A copy may be published, so that no file is taken from elsewhere: links are followed within the model's folder, and from a
 * snapshot of a Hugging Face hub cache to the blobs of the same repository, as that lays them out; others are refused by name.
 *
 * @param files what is copied: where it really is, by its path in the folder
 */
record CompanionFiles(Map<Path, Path> files) {
    private static final String CONFIG = "config.json";

    /** Larger ones are no companions; tokenizers have tens of megabytes at most. */
    private static final long MAX_BYTES = 128L << 20;

    private static final long MAX_CONFIG_BYTES = 4L << 20;

    private static final Set<String> ENDINGS = Set.of("json", "jinja", "txt", "model", "tiktoken", "bpe");

    private static final Set<String> LICENCES = Set.of("license", "licence", "notice", "use_policy", "copying");

    /** Left behind although they end so. */
    private static final Set<String> OTHERS = Set.of(
            "trainer_state.json",
            "training_args.json",
            "all_results.json",
            "train_results.json",
            "eval_results.json",
            "readme.txt",
            "requirements.txt",
            "adapter_config.json");

    /** More templates than one, each a file. */
    private static final String TEMPLATES = "additional_chat_templates";

    /**
     * Looks for the companions in {@code source}.
     *
     * @throws MxForgeException naming a link that leads elsewhere, or something that is no file
     */
    static CompanionFiles of(Path source) throws IOException {
        Map<Path, Path> files = new TreeMap<>();
        List<Path> found = new ArrayList<>(list(source));
        if (Files.isDirectory(source.resolve(TEMPLATES))) {
            found.addAll(list(source.resolve(TEMPLATES)));
        }
        for (Path file : found) {
            if (isCompanion(file.getFileName().toString())) {
                requireThere(file);
                if (new InputFile("file", file).requireRegular().size() <= MAX_BYTES) {
                    files.put(source.relativize(file), within(source, file));
                }
            }
        }
        return new CompanionFiles(files);
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> !Files.isDirectory(file)).toList();
        }
    }

    private static boolean isCompanion(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.startsWith(".") || lower.endsWith(".index.json") || OTHERS.contains(lower)) {
            return false;
        }
        String stem = lower.split("[.-]", 2)[0];
        return ENDINGS.contains(lower.substring(lower.lastIndexOf('.') + 1)) || LICENCES.contains(stem);
    }

    private static void requireThere(Path file) {
        if (!Files.exists(file)) {
            throw new MxForgeException(file + " is a link to something that is not there: fetch the checkpoint again");
        }
    }

    /** Where {@code file} really is, if that is in {@code source}, or a blob of the same repository of a hub cache. */
    private static Path within(Path source, Path file) throws IOException {
        Path home = source.toRealPath();
        Path real = file.toRealPath();
        Path above = home.getParent();
        boolean inSnapshot = above != null && above.endsWith("snapshots") && above.getParent() != null;
        if (real.startsWith(home) || inSnapshot && real.startsWith(above.resolveSibling("blobs"))) {
            return real;
        }
        throw new MxForgeException(file + " is a link out of the model's folder, to " + real
                + ", which a copy of the model may not take along: replace the link by the file it should be,"
                + " or remove it");
    }

    /** Copies them into {@code target}; {@code changes} makes {@code config.json} that of the copy. */
    void copy(Path target, Consumer<ObjectNode> changes) throws IOException {
        for (Map.Entry<Path, Path> file : files.entrySet()) {
            Path copy = target.resolve(file.getKey());
            if (file.getKey().toString().equals(CONFIG)) {
                writeConfig(file.getValue(), copy, changes);
            } else {
                Files.createDirectories(copy.getParent());
                Files.copy(file.getValue(), copy);
            }
        }
    }

    /**
     * Where {@code config.json} says how a copy is quantized: programs that do not know the method refuse the copy instead of taking the
     * tensors that they miss for new ones.
     */
    static ObjectNode quantization(ObjectNode config) {
        return config.putObject("quantization_config");
    }

    private static void writeConfig(Path config, Path copy, Consumer<ObjectNode> changes) throws IOException {
        JsonFields fields = StrictJson.readAsPython(config, MAX_CONFIG_BYTES);
        changes.accept(fields.object());
        // Python writes NaN and Infinity as such, and reads them so.
        JsonMapper mapper = JsonMapper.builder()
                .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
                .build();
        Files.writeString(copy, mapper.writerWithDefaultPrettyPrinter().writeValueAsString(fields.object()) + "\n");
    }

    /** Writes the index of several files; one alone needs none. */
    static void writeIndex(ShardPlan plan, Path target) throws IOException {
        if (plan.shards().size() > 1) {
            ObjectMapper mapper = new ObjectMapper();
            ObjectNode root = mapper.createObjectNode();
            ObjectNode metadata = root.putObject("metadata");
            ObjectNode map = root.putObject("weight_map");
            long total = 0;
            for (int i = 0; i < plan.shards().size(); i++) {
                for (StoredItem item : plan.shards().get(i)) {
                    total += item.bytes();
                    for (String tensor : item.tensors()) {
                        map.put(tensor, plan.file(i));
                    }
                }
            }
            metadata.put("total_size", total);
            mapper.writerWithDefaultPrettyPrinter()
                    .writeValue(target.resolve("model.safetensors.index.json").toFile(), root);
        }
    }
}
