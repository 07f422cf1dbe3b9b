package org.mxforge.runtime.cli.model;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.mxforge.runtime.ImportedCheckpoint;
import org.mxforge.runtime.ModelFolder;
import org.mxforge.runtime.base.ByteSize;
import org.mxforge.runtime.base.files.UserOutput;
import org.mxforge.runtime.cli.console.Console;
import org.mxforge.runtime.cli.console.OutputOptions;
import org.mxforge.runtime.quant.CalibrationReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mxforge import}: what another program quantized or calibrated as if this had. */
@Command(
        name = "import",
        description = {
            "Writes a checkpoint that compressed-tensors or AMD Quark quantized to MX formats as one of this program:"
                    + " the same codes and scales. Of gpt-oss the experts' weights become layers of their own; that model does"
                    + " not run here.",
            "With --calibration, what MicroMix's own calibration saved for a model becomes a calibration file."
        },
        footer = {
            "",
            "Nothing in a file of torch.save is run: it is read where it holds whole numbers alone.",
            "",
            "Examples:",
            "  mxforge import --model Llama-3.2-1B-MXFP4 --out Llama-3.2-1B-mxfp4",
            "  mxforge import --model Qwen3-8B --calibration saved/Qwen3-8B_reorder_index_wikitext2.pt"
                    + " --out calibration.json"
        })
final class ImportCommand implements Callable<Integer> {
    @Option(
            names = "--model",
            paramLabel = "FOLDER",
            required = true,
            description =
                    "A checkpoint in Hugging Face layout with a quantization_config of compressed-tensors, quark or"
                            + " gpt-oss;"
                            + " with --calibration the plain one that it is for.")
    private Path model;

    @Option(
            names = "--calibration",
            paramLabel = "FILE",
            description =
                    "The orders that MicroMix saved, NAME_reorder_index_DATASET.pt; the counts, p6_num and p8_num, lie"
                            + " beside it.")
    private Path calibration;

    @Option(
            names = "--out",
            paramLabel = "PATH",
            required = true,
            description = "A folder, or with --calibration a JSON file, that does not exist yet.")
    private Path out;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        if (calibration == null) {
            checkpoint(output.console());
        } else {
            calibration(output.console());
        }
        return 0;
    }

    private void checkpoint(Console console) {
        ImportedCheckpoint written = ModelFolder.importForeign(model, out, console.progress());
        console.line(out + " written with recipe " + written.recipe().text() + ": " + ByteSize.text(written.bytes()));
        written.obstacle().ifPresent(console::warning);
        console.document(JsonNodeFactory.instance
                .objectNode()
                .put("folder", out.toString())
                .put("recipe", written.recipe().text())
                .put("bytes", written.bytes())
                .put("runs", written.obstacle().isEmpty()));
    }

    private void calibration(Console console) {
        UserOutput.check(out);
        CalibrationReport report = ModelFolder.open(model).importCalibration(calibration);
        report.save(out);
        int granularity = report.partitioning().granularity();
        String recipe = "micromix" + (granularity == 128 ? "" : ";granularity=" + granularity);
        console.table(CalibrationTable.table(report));
        console.line(CalibrationTable.average(report));
        console.line("written to " + out + ", for recipes such as '" + recipe + "'");
        ObjectNode document = JsonNodeFactory.instance
                .objectNode()
                .put("file", out.toString())
                .put("recipe", recipe)
                .put("average_bits", report.averageBits());
        document.set("sites", CalibrationTable.json(report));
        console.document(document);
    }
}
