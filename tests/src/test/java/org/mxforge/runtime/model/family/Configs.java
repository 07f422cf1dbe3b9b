package org.mxforge.runtime.model.family;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads configurations that tests write. */
final class Configs {
    private Configs() {}

    /** {@code json} as the {@code config.json} of a folder with nothing else. */
    static ModelConfig read(String json) {
        try {
            Path folder = Files.createTempDirectory("config");
            Path file = folder.resolve("config.json");
            try {
                Files.writeString(file, json);
                return ConfigReader.read(folder);
            } finally {
                Files.delete(file);
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A configuration of two layers with these {@code fields} beside the names of its family, such as {@code "a": 1}. */
    static ModelConfig small(String family, String fields) {
        return read("{\"model_type\": \"" + family + "\", \"num_hidden_layers\": 2" + (fields.isEmpty() ? "" : ", ")
                + fields + "}");
    }
}
