package org.mxforge.runtime.cli.kernels;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.runtime.Engine;
import org.mxforge.runtime.EngineOptions;
import org.mxforge.runtime.Kernels;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.base.options.TuneMode;
import org.mxforge.runtime.cli.console.Console;
import org.mxforge.runtime.cli.console.OutputOptions;
import org.mxforge.runtime.cli.console.Table;
import org.mxforge.runtime.simulate.Finding;
import org.mxforge.runtime.simulate.Simulation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mxforge kernels simulate}: runs kernels without a GPU and tells what hardware would not. */
@Command(
        name = "simulate",
        description = {
            "Runs kernels on random operands without a GPU, by interpreting their PTX, and reports races, accesses out"
                    + " of bounds, reads of memory never written and the like, with their lines, and results that are"
                    + " wrong. Fails if there are any.",
            "With --judge, each also runs on this machine's GPU, on the same operands; it must leave the same bits.",
            "Conflicts are turns of shared memory's banks beyond the fewest possible; waste is sectors of global"
                    + " memory beyond those."
        },
        footer = {
            "",
            "Examples:",
            "  mxforge kernels simulate softmax --size rows=3,columns=1000",
            "  mxforge kernels simulate mxgemm_e2m1xe2m1_g32_none_bf16_exact_mma --size m=130,n=77,k=256",
            "  mxforge kernels simulate                              (the whole catalogue)",
            "  mxforge kernels simulate --judge --target sm_80       (the same, each compared with what a GPU gives)"
        })
final class KernelsSimulateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Parameters(
            arity = "0..*",
            paramLabel = "KERNEL",
            description = "Names of the catalogue or texts of specs; default: the whole catalogue.")
    private List<String> kernels;

    @Mixin
    private KernelOptions options;

    @Option(
            names = "--size",
            split = ",",
            paramLabel = "NAME=N",
            description = "Sizes of the operands instead of the usual ones, such as m=130,k=256; k is that of each"
                    + " partition. Each kernel takes those that it has.")
    private Map<String, Integer> sizes = new LinkedHashMap<>();

    @Option(
            names = "--judge",
            description = "Compare with this machine's GPU, bit by bit; functions that PTX only bounds, such as "
                    + "ex2.approx, are the GPU's in both.")
    private boolean judge;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        if (!options.target().isGpu()) {
            throw new ParameterException(
                    command.commandLine(), "CPU kernels run as they are: choose a GPU target to simulate");
        }
        Console console = output.console();
        List<KernelVariant> variants = options.variants(kernels);
        Map<KernelVariant, Simulation> simulations =
                judge ? judged(variants, console) : all(variants, console, Kernels::simulate);
        report(console, simulations);
        return simulations.values().stream()
                        .allMatch(simulation -> simulation.findings().isEmpty())
                ? 0
                : 1;
    }

    private Map<KernelVariant, Simulation> judged(List<KernelVariant> variants, Console console) {
        try (Engine engine = Engine.open(EngineOptions.defaults().withTuning(TuneMode.OFF), console.progress())) {
            if (!engine.target().isGpu()) {
                throw new MxForgeException("there is no GPU here to compare the simulator with: leave out --judge");
            }
            return all(variants, console, engine::simulate);
        }
    }

    private Map<KernelVariant, Simulation> all(
            List<KernelVariant> variants,
            Console console,
            BiFunction<KernelVariant, Map<String, Integer>, Simulation> simulator) {
        Map<KernelVariant, ? extends Map<String, Integer>> own = sizes(variants);
        Map<KernelVariant, Simulation> simulations = new LinkedHashMap<>();
        try (Progress.Task task = console.progress().begin("simulating", "kernels", variants.size())) {
            for (KernelVariant variant : variants) {
                simulations.put(variant, simulator.apply(variant, own.get(variant)));
                task.advance(1);
            }
        }
        return simulations;
    }

    private Map<KernelVariant, ? extends Map<String, Integer>> sizes(List<KernelVariant> variants) {
        try {
            return AskedSizes.of(variants, sizes);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
    }

    private static void report(Console console, Map<KernelVariant, Simulation> simulations) {
        Table table = new Table("ALGORITHM", "INSTRUCTIONS", "CONFLICTS", "WASTE", "FINDINGS");
        ArrayNode document = JsonNodeFactory.instance.arrayNode();
        simulations.forEach((variant, simulation) -> {
            table.under(variant.spec().identifier())
                    .row(
                            variant.algorithm().name(),
                            String.valueOf(simulation.instructions()),
                            share(simulation.sharedTurns(), simulation.fewestSharedTurns()),
                            share(simulation.sectors(), simulation.fewestSectors()),
                            String.valueOf(simulation.findings().size()));
            document.add(json(variant, simulation));
        });
        console.table(table);
        simulations.values().stream()
                .flatMap(simulation -> simulation.findings().stream())
                .forEach(finding -> console.line(finding.toString()));
        console.document(document);
    }

    /** How much more than the fewest, in per cent. */
    private static String share(long count, long fewest) {
        return fewest == 0 ? "-" : Math.round(100.0 * (count - fewest) / fewest) + " %";
    }

    private static ObjectNode json(KernelVariant variant, Simulation simulation) {
        ObjectNode node = JsonNodeFactory.instance
                .objectNode()
                .put("variant", variant.text())
                .put("instructions", simulation.instructions())
                .put("shared_turns", simulation.sharedTurns())
                .put("fewest_shared_turns", simulation.fewestSharedTurns())
                .put("sectors", simulation.sectors())
                .put("fewest_sectors", simulation.fewestSectors());
        ArrayNode findings = node.putArray("findings");
        for (Finding finding : simulation.findings()) {
            findings.addObject()
                    .put("kind", finding.kind().name())
                    .put("ptx_line", finding.ptxLine())
                    .put("cuda_line", finding.cudaLine())
                    .put("times", finding.times())
                    .put("message", finding.message());
        }
        return node;
    }
}
