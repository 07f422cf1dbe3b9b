package org.mxforge.runtime.cli.kernels;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.runtime.KernelImage;
import org.mxforge.runtime.Kernels;
import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.base.files.UserOutput;
import org.mxforge.runtime.cli.console.Console;
import org.mxforge.runtime.cli.console.OutputOptions;
import org.mxforge.runtime.cli.console.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mxforge kernels compile}: from spec to machine code, on a machine with or without a GPU. */
@Command(
        name = "compile",
        description = "Compiles kernels for a GPU target; needs neither GPU nor CUDA.",
        footer = {
            "",
            "Examples:",
            "  mxforge kernels compile densegemm_none_bf16 --target sm_90a",
            "  mxforge kernels compile --target sm_120a --out cubins      (the whole catalogue)"
        })
final class KernelsCompileCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Parameters(
            arity = "0..*",
            paramLabel = "KERNEL",
            description = "Names of the catalogue or texts of specs; default: the whole catalogue.")
    private List<String> kernels;

    @Mixin
    private KernelOptions options;

    @Option(names = "--ptx", description = "Make PTX instead of machine code.")
    private boolean ptx;

    @Option(names = "--out", paramLabel = "FOLDER", description = "A folder that does not exist yet, for the images.")
    private Path out;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        if (!options.target().isGpu()) {
            throw new ParameterException(
                    command.commandLine(), "CPU kernels are compiled when they are used: choose a GPU target");
        }
        UserOutput.check(out);
        Console console = output.console();
        Map<KernelVariant, KernelImage> compiled = compile(console, options.variants(kernels));
        if (out != null) {
            UserOutput.folder(out, folder -> {
                for (Map.Entry<String, byte[]> file : files(compiled).entrySet()) {
                    Files.write(folder.resolve(file.getKey()), file.getValue());
                }
            });
        }
        report(console, compiled);
        return 0;
    }

    private Map<KernelVariant, KernelImage> compile(Console console, List<KernelVariant> variants) {
        Map<KernelVariant, KernelImage> compiled = new LinkedHashMap<>();
        try (Progress.Task task = console.progress().begin("compiling", "kernels", variants.size())) {
            for (KernelVariant variant : variants) {
                compiled.put(variant, Kernels.compile(variant, format()));
                task.advance(1);
            }
        }
        return compiled;
    }

    private KernelImage.Format format() {
        return ptx ? KernelImage.Format.PTX : KernelImage.Format.CUBIN;
    }

    private Map<String, byte[]> files(Map<KernelVariant, KernelImage> compiled) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        compiled.forEach(
                (variant, kernel) -> files.put(variant.identifier() + (ptx ? ".ptx" : ".cubin"), kernel.content()));
        return files;
    }

    private void report(Console console, Map<KernelVariant, KernelImage> compiled) {
        Table table = new Table("ALGORITHM", "REGISTERS", "SPILLED", "SHARED", "IMAGE", "MS");
        ArrayNode document = JsonNodeFactory.instance.arrayNode();
        compiled.forEach((variant, kernel) -> {
            table.under(variant.spec().identifier())
                    .row(
                            variant.algorithm().name(),
                            String.valueOf(kernel.registers()),
                            kernel.spillBytes() + " B",
                            kernel.staticSharedBytes() + " B",
                            kernel.content().length + " B",
                            String.valueOf(kernel.compileMillis()));
            document.addObject()
                    .put("variant", variant.text())
                    .put("registers", kernel.registers())
                    .put("spill_bytes", kernel.spillBytes())
                    .put("static_shared_bytes", kernel.staticSharedBytes())
                    .put("image_bytes", kernel.content().length)
                    .put("compile_ms", kernel.compileMillis());
        });
        console.table(table);
        console.document(document);
    }
}
