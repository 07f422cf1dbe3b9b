package org.mxforge.runtime.cli.kernels;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.KernelFolder;
import org.mxforge.runtime.ModelFolder;
import org.mxforge.runtime.base.files.UserOutput;
import org.mxforge.runtime.cli.console.Console;
import org.mxforge.runtime.cli.console.OutputOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code mxforge weights export}: weights as exported kernels read them. */
@Command(
        name = "export",
        description = {
            "Writes the linear layers of a model as the kernels of 'mxforge kernels export' read them: packed, laid"
                    + " out, with reorder indices and biases, in one safetensors file. All else, such as embeddings"
                    + " and norms, which 'mixed' rotates too, is in the model's folder. The exported folder's LAYOUTS.md"
                    + " defines every layout."
        },
        footer = {
            "",
            "Examples:",
            "  mxforge weights export --model Llama-3.2-1B --recipe mxfp4 --kernels kernels --out weights.safetensors",
            "  mxforge weights export --model Llama-3.2-1B-micromix --kernels kernels --target sm_80 --out"
                    + " weights.safetensors"
        })
final class WeightsExportCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Mixin
    private QuantizedModelOptions model;

    @Option(
            names = "--kernels",
            paramLabel = "FOLDER",
            required = true,
            description = "The exported kernels that will read them.")
    private Path kernels;

    @Option(
            names = "--target",
            paramLabel = "TARGET",
            converter = TargetConverter.class,
            completionCandidates = TargetCandidates.class,
            description = "Whose kernels; needed where there are some for several.")
    private Target target;

    @Option(
            names = "--out",
            paramLabel = "FILE.safetensors",
            required = true,
            description = "A file that does not exist yet.")
    private Path out;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        Console console = output.console();
        UserOutput.check(out);
        KernelFolder folder = KernelFolder.open(kernels);
        ModelFolder source = model.open();
        Target wanted = target(folder);
        source.exportWeights(model.quantization(), folder, wanted, out, console.progress());
        console.line(out + " written for the kernels for " + wanted.text() + " in " + kernels);
        console.document(JsonNodeFactory.instance
                .objectNode()
                .put("file", out.toString())
                .put("kernels", kernels.toString())
                .put("target", wanted.text()));
        return 0;
    }

    private Target target(KernelFolder folder) {
        List<Target> targets = folder.kernels().stream()
                .map(kernel -> kernel.variant().target())
                .distinct()
                .toList();
        if (target == null && targets.size() > 1) {
            throw new ParameterException(
                    command.commandLine(),
                    kernels + " has kernels for "
                            + String.join(
                                    ", ", targets.stream().map(Target::text).toList())
                            + ": choose one of them with --target");
        }
        return target == null && !targets.isEmpty() ? targets.get(0) : target;
    }
}
