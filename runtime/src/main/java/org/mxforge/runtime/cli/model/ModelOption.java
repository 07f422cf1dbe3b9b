package org.mxforge.runtime.cli.model;

import java.nio.file.Path;
import org.mxforge.runtime.ModelFolder;
import picocli.CommandLine.Option;

/** The option {@code --model}. */
final class ModelOption {
    @Option(
            names = "--model",
            paramLabel = "FOLDER",
            required = true,
            description = "A checkpoint in Hugging Face layout, plain or quantized by this program.")
    private Path folder;

    /** The folder's own name. */
    String name() {
        return folder.toAbsolutePath().normalize().getFileName().toString();
    }

    ModelFolder open() {
        return ModelFolder.open(folder);
    }
}
