package org.mxforge.runtime.cli;

import java.nio.file.Path;
import org.mxforge.runtime.model.Checkpoint;
import picocli.CommandLine.Option;

/** The option {@code --model}. */
final class ModelOption {
    @Option(
            names = "--model",
            paramLabel = "FOLDER",
            required = true,
            description = "A checkpoint in Hugging Face layout, plain or quantized by this program.")
    private Path folder;

    Path folder() {
        return folder;
    }

    Checkpoint open() {
        return Checkpoint.open(folder);
    }
}
