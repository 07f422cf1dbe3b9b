package org.mxforge.runtime.cli.model;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.mxforge.runtime.ModelFolder;
import org.mxforge.runtime.base.ByteSize;
import org.mxforge.runtime.cli.console.Console;
import org.mxforge.runtime.cli.console.OutputOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mxforge import}: a quantized checkpoint of another program as one of this. */
@Command(
        name = "import",
        description =
                "Writes a checkpoint that compressed-tensors or AMD Quark quantized to MX formats as one of this program:"
                        + " the same codes and scales.",
        footer = {"", "Examples:", "  mxforge import --model Llama-3.2-1B-MXFP4 --out Llama-3.2-1B-mxfp4"})
final class ImportCommand implements Callable<Integer> {
    @Option(
            names = "--model",
            paramLabel = "FOLDER",
            required = true,
            description =
                    "A checkpoint in Hugging Face layout with a quantization_config of compressed-tensors or quark.")
    private Path model;

    @Option(names = "--out", paramLabel = "FOLDER", required = true, description = "A folder that does not exist yet.")
    private Path out;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        Console console = output.console();
        ModelFolder written = ModelFolder.importForeign(model, out, console.progress());
        console.line(out + " written with recipe " + written.recipe().text() + ": "
                + ByteSize.text(written.size().bytes()));
        console.document(JsonNodeFactory.instance
                .objectNode()
                .put("folder", out.toString())
                .put("recipe", written.recipe().text())
                .put("bytes", written.size().bytes()));
        return 0;
    }
}
