package org.mxforge.runtime.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.kernel.KernelShape;
import org.mxforge.runtime.tune.wisdom.Timing;
import org.mxforge.runtime.tune.wisdom.TrialOutcome;
import org.mxforge.runtime.tune.wisdom.WisdomRecord;
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
                "Shows every variant that was tried on a shape, the fastest first, and what produced the timings.",
        footer = {
            "",
            "Examples:",
            "  mxforge wisdom show m512,n4096,k4096",
            "  mxforge wisdom show m512,k4096",
            "  mxforge wisdom show e8,m128,n14336,k4096",
            "  mxforge wisdom show m1,n14336,k2880+832+384 --spec mxgemm_e2m1xe2m1_g32_tile128x4_none_bf16"
        })
final class WisdomShowCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Parameters(paramLabel = "SHAPE", description = "Such as " + KernelShape.FORMS + ".")
    private String shape;

    @Option(names = "--spec", paramLabel = "SPEC", description = "Only this kernel: its name or the text of its spec.")
    private String spec;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        Console console = output.console();
        List<WisdomRecord> trials = trials(wanted());
        Table table = new Table(
                "VARIANT",
                "STATUS",
                "MS",
                "P20",
                "P80",
                "MHZ",
                "PLAN",
                "KERNEL",
                "DEVICE",
                "COMPILER",
                "DRIVER",
                "DETAIL");
        ArrayNode document = JsonNodeFactory.instance.arrayNode();
        for (WisdomRecord entry : trials) {
            add(entry, table, document);
        }
        console.table(table);
        console.document(document);
        return 0;
    }

    private KernelShape wanted() {
        try {
            return KernelShape.parse(shape).bucketed();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
    }

    private List<WisdomRecord> trials(KernelShape wanted) {
        List<WisdomRecord> trials = WisdomSources.books().values().stream()
                .flatMap(book -> book.records())
                .filter(entry -> entry.coverage().isEmpty()
                        && entry.key().shape().equals(wanted)
                        && (spec == null
                                || spec.equals(entry.key().spec().identifier())
                                || spec.equals(entry.key().spec().text())))
                .sorted(Comparator.comparingDouble(
                        entry -> entry.outcome().timing().map(Timing::median).orElse(Double.POSITIVE_INFINITY)))
                .toList();
        if (trials.isEmpty()) {
            throw new MxForgeException("there is no wisdom about " + wanted.text()
                    + (spec == null ? "" : " and " + spec) + ": 'mxforge wisdom list' shows what there is");
        }
        return trials;
    }

    private static void add(WisdomRecord entry, Table table, ArrayNode document) {
        TrialOutcome outcome = entry.outcome();
        String clock = outcome.timing()
                .filter(timing -> timing.clock().isPresent())
                .map(timing -> String.valueOf(timing.clock().getAsInt()))
                .orElse("-");
        table.row(
                entry.configuration().text(),
                outcome.status().text(),
                outcome.timing().map(timing -> millis(timing.median())).orElse("-"),
                outcome.timing().map(timing -> millis(timing.p20())).orElse("-"),
                outcome.timing().map(timing -> millis(timing.p80())).orElse("-"),
                clock,
                entry.provenance().plan(),
                entry.key().spec().identifier(),
                entry.key().device(),
                entry.provenance().toolchain().compiler(),
                entry.provenance().toolchain().driver(),
                outcome.detail());
        ObjectNode node = document.addObject()
                .put("config", entry.configuration().text())
                .put("status", outcome.status().text());
        outcome.timing().ifPresent(timing -> {
            node.put("median_ms", timing.median()).put("p20_ms", timing.p20()).put("p80_ms", timing.p80());
            node.put("samples", timing.samples());
            timing.clock().ifPresent(mhz -> node.put("clock_mhz", mhz));
        });
        node.put("detail", outcome.detail())
                .put("plan", entry.provenance().plan())
                .put("spec", entry.key().spec().text())
                .put("shape", entry.key().shape().text())
                .put("target", entry.key().target().text())
                .put("device", entry.key().device())
                .put("tool", entry.provenance().toolchain().tool())
                .put("compiler", entry.provenance().toolchain().compiler())
                .put("options", entry.provenance().toolchain().options())
                .put("driver", entry.provenance().toolchain().driver())
                .put("source", entry.provenance().source())
                .put("date", entry.provenance().date().toString());
    }

    private static String millis(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }
}
