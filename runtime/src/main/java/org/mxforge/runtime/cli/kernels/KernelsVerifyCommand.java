package org.mxforge.runtime.cli.kernels;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.Engine;
import org.mxforge.runtime.EngineOptions;
import org.mxforge.runtime.KernelFolder;
import org.mxforge.runtime.Verification;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.options.TuneMode;
import org.mxforge.runtime.cli.console.Console;
import org.mxforge.runtime.cli.console.OutputOptions;
import org.mxforge.runtime.cli.console.Table;
import org.mxforge.runtime.cli.console.VariantText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code mxforge kernels verify}: whether exported kernels are what they say. */
@Command(
        name = "verify",
        description = {
            "Checks a folder of 'mxforge kernels export': the sums of its files, whether each source compiles to what"
                    + " lies beside it and, on a GPU that they are for, whether each cubin gives the oracle's bits."
        },
        footer = {"", "Examples:", "  mxforge kernels verify kernels", "  mxforge kernels verify kernels --json"})
final class KernelsVerifyCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FOLDER", description = "A folder that 'mxforge kernels export' wrote.")
    private Path folder;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        Console console = output.console();
        KernelFolder kernels = KernelFolder.open(folder);
        List<KernelFolder.Recompiled> recompiled = kernels.recompile(console.progress());
        List<Verification> verified = onGpu(kernels, console);
        report(console, kernels, recompiled, verified);
        boolean sound = recompiled.stream().allMatch(result -> result.fault().isEmpty())
                && verified.stream().allMatch(Verification::passed);
        if (!sound) {
            throw new MxForgeException("kernels in " + folder + " are not what they say: export them again");
        }
        return 0;
    }

    /** Nothing where there is no GPU, or none that they are for. */
    private static List<Verification> onGpu(KernelFolder kernels, Console console) {
        try (Engine engine = Engine.open(EngineOptions.defaults().withTuning(TuneMode.OFF), console.progress())) {
            Target target = engine.target();
            boolean any = kernels.kernels().stream()
                    .anyMatch(kernel -> kernel.variant().target() == target);
            return any ? engine.verify(kernels) : List.of();
        }
    }

    private static void report(
            Console console,
            KernelFolder kernels,
            List<KernelFolder.Recompiled> recompiled,
            List<Verification> verified) {
        Map<String, KernelVariant> byName = kernels.kernels().stream()
                .collect(Collectors.toMap(KernelFolder.Exported::name, KernelFolder.Exported::variant));
        Table table = new Table("KERNEL", "COMPILED AGAIN");
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        ArrayNode compiled = document.putArray("recompiled");
        for (KernelFolder.Recompiled result : recompiled) {
            KernelVariant variant = byName.get(result.kernel());
            table.under(kernel(variant))
                    .row(
                            VariantText.of(variant),
                            result.fault().isPresent() ? "other" : result.compared() ? "the same" : "not comparable");
            result.fault().ifPresent(table::remark);
            compiled.addObject()
                    .put("kernel", result.kernel())
                    .put("compared", result.compared())
                    .put("fault", result.fault().orElse(null));
        }
        console.table(table);
        if (recompiled.stream().anyMatch(result -> !result.compared())) {
            console.line("not comparable: compiled by another NVRTC than the one that they were exported with");
        }
        Table oracle = new Table("KERNEL", "AGAINST THE ORACLE");
        ArrayNode compared = document.putArray("verified");
        for (Verification result : verified) {
            oracle.under(kernel(result.variant()), result.shape())
                    .row(
                            VariantText.of(result.variant()),
                            result.fault().map(fault -> "other bits").orElse("the same bits"));
            result.fault().ifPresent(oracle::remark);
            compared.addObject()
                    .put("variant", result.variant().text())
                    .put("shape", result.shape())
                    .put("fault", result.fault().orElse(null));
        }
        if (verified.isEmpty()) {
            console.line("not compared with the oracle: no GPU that they are for");
        } else {
            console.table(oracle);
        }
        console.document(document);
    }

    private static String kernel(KernelVariant variant) {
        return variant.spec().identifier() + " for " + variant.target().text();
    }
}
