package org.mxforge.runtime.cli.wisdom;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.mxforge.runtime.TunedKernel;
import org.mxforge.runtime.WisdomStore;
import org.mxforge.runtime.base.MxForgeException;
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

/** {@code mxforge wisdom show}: every trial of a shape. */
@Command(
        name = "show",
        description =
                "Shows every variant that was tried on a shape, the fastest first, which of them won a search, and what"
                        + " produced the timings.",
        footer = {
            "",
            "Examples:",
            "  mxforge wisdom show m512,n4096,k4096",
            "  mxforge wisdom show m512,k4096",
            "  mxforge wisdom show e8,m128,n14336,k4096",
            "  mxforge wisdom show m1,n14336,k2880+832+384 --spec mxgemm_e2m1xe2m1_g32_none_bf16_exact"
        })
final class WisdomShowCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Parameters(paramLabel = "SHAPE", description = "Such as " + TunedKernel.SHAPES + ".")
    private String shape;

    @Option(names = "--spec", paramLabel = "SPEC", description = "Only this kernel: its name or the text of its spec.")
    private String spec;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        Console console = output.console();
        List<WisdomStore.Tried> trials = trials();
        console.table(table(trials));
        ArrayNode document = JsonNodeFactory.instance.arrayNode();
        trials.forEach(tried -> add(tried, document));
        console.document(document);
        return 0;
    }

    private List<WisdomStore.Tried> trials() {
        List<WisdomStore.Tried> trials = onShape().stream()
                .filter(tried -> spec == null
                        || spec.equals(tried.spec().identifier())
                        || spec.equals(tried.spec().text()))
                .toList();
        if (trials.isEmpty()) {
            throw new MxForgeException("there is no wisdom about " + WisdomStore.bucketed(shape)
                    + (spec == null ? "" : " and " + spec) + ": 'mxforge wisdom list' shows what there is");
        }
        return trials;
    }

    private List<WisdomStore.Tried> onShape() {
        try {
            return WisdomStore.user().tried(shape);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
    }

    /** What produced the timings, and with which algorithm, stands above them: algorithms in the order of their fastest variant. */
    private static Table table(List<WisdomStore.Tried> trials) {
        Map<List<String>, List<WisdomStore.Tried>> groups = new LinkedHashMap<>();
        trials.forEach(tried -> groups.computeIfAbsent(
                        List.of(tried.spec().identifier(), origin(tried)), titles -> new ArrayList<>())
                .add(tried));
        Table table = new Table("CONFIGURATION", "MS", "P20", "P80", "MHZ", "RESULT");
        groups.forEach((titles, tried) -> {
            Map<String, List<WisdomStore.Tried>> byAlgorithm = new LinkedHashMap<>();
            tried.forEach(one -> byAlgorithm
                    .computeIfAbsent(one.variant().algorithm().name(), name -> new ArrayList<>())
                    .add(one));
            byAlgorithm.forEach((algorithm, ones) -> {
                table.under(titles.get(0), titles.get(1), algorithm);
                ones.forEach(one -> add(one, table));
            });
        });
        return table;
    }

    private static String origin(WisdomStore.Tried tried) {
        return String.join(
                ", ",
                tried.device(),
                tried.toolchain().compiler(),
                tried.toolchain().driver());
    }

    private static void add(WisdomStore.Tried tried, Table table) {
        Optional<WisdomStore.Millis> timing = tried.timing();
        table.row(
                tried.variant().configuration().text(),
                timing.map(millis -> text(millis.median())).orElse("-"),
                timing.map(millis -> text(millis.p20())).orElse("-"),
                timing.map(millis -> text(millis.p80())).orElse("-"),
                timing.filter(millis -> millis.clock().isPresent())
                        .map(millis -> String.valueOf(millis.clock().getAsInt()))
                        .orElse("-"),
                tried.won() ? "won" : timing.isPresent() ? tried.status() : "failed");
        if (timing.isEmpty()) {
            table.remark(tried.status() + ": " + tried.detail());
        }
    }

    private static void add(WisdomStore.Tried tried, ArrayNode document) {
        Optional<WisdomStore.Millis> timing = tried.timing();
        ObjectNode node = document.addObject()
                .put("algorithm", tried.variant().algorithm().name())
                .put("config", tried.variant().configuration().text())
                .put("won", tried.won())
                .put("status", tried.status());
        timing.ifPresent(millis -> {
            node.put("median_ms", millis.median()).put("p20_ms", millis.p20()).put("p80_ms", millis.p80());
            node.put("samples", millis.samples());
            millis.clock().ifPresent(mhz -> node.put("clock_mhz", mhz));
        });
        node.put("detail", tried.detail())
                .put("plan", tried.plan())
                .put("spec", tried.spec().text())
                .put("shape", tried.shape())
                .put("target", tried.target().text())
                .put("device", tried.device())
                .put("tool", tried.toolchain().tool())
                .put("compiler", tried.toolchain().compiler())
                .put("options", tried.toolchain().options())
                .put("driver", tried.toolchain().driver())
                .put("source", tried.source())
                .put("date", tried.date().toString());
    }

    private static String text(double millis) {
        int decimals = millis < 10 ? 4 : millis < 100 ? 3 : millis < 1000 ? 2 : 1;
        return String.format(Locale.ROOT, "%." + decimals + "f", millis);
    }
}
