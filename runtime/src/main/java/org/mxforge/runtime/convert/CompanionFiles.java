package org.mxforge.runtime.convert;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.mxforge.runtime.base.files.InputFile;

/** The files of a checkpoint beside its tensors. */
final class CompanionFiles {
    private static final List<String> NAMES = List.of(
            "config.json",
            "tokenizer.json",
            "generation_config.json",
            "tokenizer_config.json",
            "special_tokens_map.json");

    private CompanionFiles() {}

    /** Copies those of {@code source} that are there. */
    static void copy(Path source, Path target) throws IOException {
        for (String name : NAMES) {
            if (Files.exists(source.resolve(name))) {
                new InputFile("file", source.resolve(name)).requireRegular();
                Files.copy(source.resolve(name), target.resolve(name));
            }
        }
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
