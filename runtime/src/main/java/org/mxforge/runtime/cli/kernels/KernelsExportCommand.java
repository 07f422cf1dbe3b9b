package org.mxforge.runtime.cli.kernels;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.mxforge.dsl.spec.KernelKinds;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.KernelExport;
import org.mxforge.runtime.ModelFolder;
import org.mxforge.runtime.Quantization;
import org.mxforge.runtime.TunedKernel;
import org.mxforge.runtime.base.files.UserOutput;
import org.mxforge.runtime.base.options.Folding;
import org.mxforge.runtime.cli.console.Console;
import org.mxforge.runtime.cli.console.OutputOptions;
import org.mxforge.runtime.cli.console.Table;
import org.mxforge.runtime.cli.console.VariantText;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code mxforge kernels export}: kernels for programs that know nothing of this one. */
@Command(
        name = "export",
        description = {
            "Writes kernels to a folder that other programs launch them from: sources, PTX, cubins, descriptions in"
                    + " JSON, launchers for C, C++, Python and Java, and checksums. Each is the one that tuning found to"
                    + " be the fastest on this machine, or on one that MXForge comes with measurements of; else what"
                    + " probably suits. Needs no GPU."
        },
        footer = {
            "",
            "Examples:",
            "  mxforge kernels export --model Llama-3.2-1B --recipe mxfp4 --target sm_90a,sm_80 --out kernels",
            "  mxforge kernels export --target sm_90a --out gemm --shape m16,n4096,k4096"
                    + " --spec 'mxgemm/v2;pairs=e2m1xe2m1;groups=g32;epilogue=none;out=bf16;tolerance=exact'",
            "  mxforge kernels export --target sm_80 --spec 'attention/v1;head=128' --out attention"
        })
final class KernelsExportCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Option(
            names = "--target",
            paramLabel = "TARGET",
            split = ",",
            required = true,
            converter = TargetConverter.class,
            completionCandidates = TargetCandidates.class,
            description = "sm_80, sm_86, sm_90a, sm_100a or sm_120a, or several.")
    private List<Target> targets;

    @Option(
            names = "--gpu",
            paramLabel = "NAME",
            description =
                    "GPU whose measurements decide, as 'wisdom list' names it; default: one of the target that was"
                            + " tuned here, or that MXForge comes with measurements of.")
    private String gpu;

    @ArgGroup(multiplicity = "1")
    private Subject subject;

    @Option(names = "--out", paramLabel = "FOLDER", required = true, description = "A folder that does not exist yet.")
    private Path out;

    @Mixin
    private OutputOptions output;

    /** A model or kernels. */
    static final class Subject {
        @ArgGroup(exclusive = false)
        private OfModel model;

        @ArgGroup(exclusive = false, multiplicity = "1..*")
        private List<Named> kernels;
    }

    /** What the quantized layers of a model launch. */
    static final class OfModel extends QuantizedModelOptions {
        @Option(
                names = "--tokens",
                paramLabel = "N",
                split = ",",
                defaultValue = "1,16,128,2048",
                description = "Tokens at a time; default ${DEFAULT-VALUE}.")
        private List<Integer> tokens;

        @Option(
                names = "--folding",
                paramLabel = "MODE",
                defaultValue = "exact",
                description =
                        "exact, lossy or off: whether scales are folded into FP8 on sm_90a; default ${DEFAULT-VALUE}.")
        private Folding folding;
    }

    /** One kernel. */
    static final class Named {
        @Option(
                names = "--spec",
                paramLabel = "SPEC",
                required = true,
                description = "Text of a spec; may be given again.")
        private String spec;

        @Option(
                names = "--shape",
                paramLabel = "SHAPE",
                description = "What the spec before it is launched for, such as " + TunedKernel.SHAPES
                        + "; default: the algorithm's first configuration, for any.")
        private String shape;

        @Option(
                names = "--algorithm",
                paramLabel = "NAME",
                description = "Operands lie as this algorithm reads them; default: the first that the target has.")
        private String algorithm;
    }

    @Override
    public Integer call() {
        if (targets.contains(Target.CPU)) {
            throw new ParameterException(command.commandLine(), "CPU kernels are not exported: choose a GPU target");
        }
        if (subject.model != null) {
            subject.model.tokens.stream().filter(count -> count < 1).findFirst().ifPresent(count -> {
                throw new ParameterException(command.commandLine(), "--tokens is " + count + ": give 1 or more");
            });
        }
        Console console = output.console();
        UserOutput.check(out);
        KernelExport export = subject.model != null ? ofModel() : named();
        List<String> names = export.write(out, console.progress());
        report(console, export, names);
        return 0;
    }

    private KernelExport ofModel() {
        ModelFolder folder = subject.model.open();
        Quantization quantization = subject.model.quantization();
        KernelExport export = empty();
        for (Target target : targets) {
            export = given(
                    export,
                    with -> with.with(folder, quantization, target, subject.model.folding, subject.model.tokens));
        }
        return export;
    }

    private KernelExport named() {
        KernelExport export = empty();
        for (Target target : targets) {
            for (Named kernel : subject.kernels) {
                export = given(export, with -> named(with, kernel, target));
            }
        }
        return export;
    }

    private KernelExport empty() {
        return gpu == null ? KernelExport.empty() : KernelExport.emptyFor(gpu);
    }

    private static KernelExport named(KernelExport export, Named kernel, Target target) {
        KernelSpec spec = KernelSpec.parse(kernel.spec);
        KernelVariant variant = Optional.ofNullable(kernel.algorithm)
                .map(name -> KernelVariant.of(spec, KernelKinds.algorithm(spec, name), target))
                .orElseGet(() -> KernelVariant.of(spec, target));
        return kernel.shape == null ? export.with(variant) : export.with(variant, kernel.shape);
    }

    private KernelExport given(KernelExport export, UnaryOperator<KernelExport> step) {
        try {
            return step.apply(export);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
    }

    private void report(Console console, KernelExport export, List<String> names) {
        Table table = new Table("VARIANT", "WHY", "MS");
        Map<String, List<TunedKernel>> byKernel = new LinkedHashMap<>();
        ArrayNode uses = JsonNodeFactory.instance.arrayNode();
        for (TunedKernel kernel : export.kernels()) {
            byKernel.computeIfAbsent(
                            kernel.variant().spec().identifier() + " for "
                                    + kernel.variant().target().text(),
                            name -> new ArrayList<>())
                    .add(kernel);
            var use = uses.addObject()
                    .put("variant", kernel.variant().text())
                    .put("shape", kernel.shape())
                    .put("origin", kernel.origin());
            kernel.millis()
                    .ifPresent(millis -> use.put("device", kernel.device()).put("ms", millis));
        }
        byKernel.forEach((name, used) -> used.forEach(kernel -> table.under(
                        name, kernel.shape().isEmpty() ? "any shape" : kernel.shape())
                .row(
                        VariantText.of(kernel.variant()),
                        kernel.origin(),
                        kernel.millis().isPresent()
                                ? String.format(
                                        Locale.ROOT, "%.4f", kernel.millis().getAsDouble())
                                : "-")));
        console.table(table);
        console.line(names.size() + " kernels written to " + out + ": begin with its README.md");
        var document = JsonNodeFactory.instance.objectNode().put("folder", out.toString());
        names.forEach(document.putArray("kernels")::add);
        document.set("uses", uses);
        console.document(document);
    }
}
