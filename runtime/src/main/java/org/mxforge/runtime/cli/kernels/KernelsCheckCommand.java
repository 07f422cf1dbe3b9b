package org.mxforge.runtime.cli.kernels;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.base.files.UserOutput;
import org.mxforge.runtime.check.CheckCase;
import org.mxforge.runtime.check.CheckReport;
import org.mxforge.runtime.check.Checker;
import org.mxforge.runtime.check.Data;
import org.mxforge.runtime.check.Device;
import org.mxforge.runtime.check.Layer;
import org.mxforge.runtime.check.Outcome;
import org.mxforge.runtime.check.Sizes;
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

/** {@code mxforge kernels check}: whether kernels compute what their specs say. */
@Command(
        name = "check",
        description = {
            "Emits, compiles and runs kernels on every class of data that says something about them, and compares results with"
                    + " the oracle: exact, bit for bit; bound, each element within what roundings may come to; norm, signal"
                    + " over noise, which is reported. Fails if one is wrong, with the line that shows it again.",
            "Kinds of your own on the class path are checked as well, by their own word."
        },
        footer = {
            "",
            "Examples:",
            "  mxforge kernels check softmax --cases 10",
            "  mxforge kernels check mxgemm_e2m1xe2m1_g32_none_bf16_exact_mma --size m=130,n=77,k=256 --report errors.html",
            "  mxforge kernels check 'softmax/v1|rows|sm_80|threads=256|columns=264,rows=5|random|7|simulator'",
            "  mxforge kernels check --device simulator --target sm_90a  (the whole catalogue)"
        })
final class KernelsCheckCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Parameters(
            arity = "0..*",
            paramLabel = "KERNEL",
            description =
                    "Names of the catalogue, texts of specs, or whole lines of cases; default: the whole catalogue.")
    private List<String> kernels;

    @Mixin
    private KernelOptions options;

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            defaultValue = "auto",
            description =
                    "auto, gpu, simulator or cpu: where kernels run; auto is the GPU if there is one for the target,"
                            + " else the simulator. A GPU chooses the target, where none is said. Default: ${DEFAULT-VALUE}.")
    private String device;

    @Option(
            names = "--size",
            paramLabel = "NAME=N,...",
            defaultValue = "",
            description =
                    "Sizes instead of the usual ones; of partitions also as k=64+32. Each kernel takes those that it has.")
    private String sizes;

    @Option(
            names = "--layers",
            split = ",",
            paramLabel = "LAYER",
            defaultValue = "exact,bound,norm",
            description = "Which layers of comparison; default: ${DEFAULT-VALUE}.")
    private List<String> layers;

    @Option(
            names = "--cases",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Cases of each kernel and class of data: all but the first on drawn sizes; default: ${DEFAULT-VALUE}.")
    private int cases;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Of what is drawn; default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "Writes a page: how errors are spread, and where the worst of them lie.")
    private Path report;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        Console console = output.console();
        UserOutput.check(report);
        List<CheckCase> all = read();
        CheckReport results = new CheckReport();
        List<Outcome> wrong = new ArrayList<>();
        ArrayNode document = JsonNodeFactory.instance.arrayNode();
        try (Checker checker = new Checker();
                Progress.Task task = console.progress().begin("checking", "cases", all.size())) {
            for (CheckCase one : all) {
                Outcome outcome = checked(checker, one);
                results.add(outcome);
                document.add(json(outcome));
                if (!outcome.isRight()) {
                    wrong.add(outcome);
                }
                task.advance(1);
            }
        }
        console.table(table(results));
        console.document(document);
        if (report != null) {
            UserOutput.file(report, aside -> Files.writeString(aside, results.page(Instant.now())));
        }
        if (!wrong.isEmpty()) {
            throw new MxForgeException((wrong.size() == 1 && all.size() == 1
                            ? ""
                            : wrong.size() + " of " + all.size() + " cases are wrong, the first: ")
                    + wrong.get(0).sentence());
        }
        return 0;
    }

    private static Outcome checked(Checker checker, CheckCase one) {
        try {
            return checker.check(one);
        } catch (IllegalArgumentException e) {
            throw new MxForgeException(e.getMessage() + ", in case '" + one.text() + "'", e);
        }
    }

    private List<CheckCase> read() {
        if (cases < 1) {
            throw new ParameterException(command.commandLine(), "--cases is " + cases + ": give 1 or more");
        }
        try {
            Set<Layer> wanted = EnumSet.noneOf(Layer.class);
            layers.forEach(layer -> wanted.add(Layer.parse(layer)));
            List<CheckCase> all = new ArrayList<>();
            List<String> names = new ArrayList<>();
            for (String kernel : kernels == null ? List.<String>of() : kernels) {
                if (kernel.contains("|")) {
                    all.add(CheckCase.parse(kernel));
                } else {
                    names.add(kernel);
                }
            }
            if (kernels == null || !names.isEmpty()) {
                Target target = target();
                Device where = device(target);
                AskedSizes.of(
                                options.variants(kernels == null ? null : names, target),
                                Sizes.parse(sizes).values())
                        .forEach((variant, own) -> all.addAll(cases(variant, where, wanted, new Sizes(own))));
            }
            if (all.isEmpty()) {
                throw new IllegalArgumentException("no case of these kernels is compared in layer "
                        + String.join(", ", layers) + ": choose others by --layers");
            }
            return all;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
    }

    private Target target() {
        boolean own = options.isTargetGiven() || device.equals(Device.SIMULATOR.text());
        if (device.equals(Device.CPU.text()) && !options.isTargetGiven()) {
            return Target.CPU;
        }
        return own ? options.target() : Checker.gpu().orElse(options.target());
    }

    private Device device(Target target) {
        if (!device.equals("auto")) {
            return Device.parse(device);
        }
        if (!target.isGpu()) {
            return Device.CPU;
        }
        return Checker.gpu().filter(target::equals).isPresent() ? Device.GPU : Device.SIMULATOR;
    }

    private List<CheckCase> cases(KernelVariant variant, Device where, Set<Layer> wanted, Sizes others) {
        CheckCase usual = CheckCase.usual(variant, where);
        usual = usual.with(usual.sizes().with(others)).with(seed);
        List<CheckCase> own = new ArrayList<>();
        for (Data data : Data.values()) {
            if (!CheckCase.data(variant.spec()).contains(data)) {
                continue;
            }
            CheckCase first = usual.with(data);
            boolean norm = wanted.contains(Layer.NORM) && data == Data.RANDOM;
            if (wanted.contains(first.layer()) || norm) {
                own.add(first);
                for (int i = 1; i < cases; i++) {
                    own.add(first.drawn(seed + i));
                }
            }
        }
        return own;
    }

    private static Table table(CheckReport results) {
        Table table = new Table("KIND", "LAYER", "CASES", "ERROR/BOUND", "SQNR dB", "VERDICT");
        for (CheckReport.Row row : results.rows()) {
            boolean norm = row.layer() == Layer.NORM;
            table.row(
                    row.kind(),
                    row.layer().text(),
                    String.valueOf(row.cases()),
                    norm ? "-" : number("%.3f", row.worst()),
                    norm ? number("%.1f", row.decibels()) : "-",
                    norm ? "reported" : row.wrong() == 0 ? "right" : row.wrong() + " wrong");
        }
        return table;
    }

    private static String number(String format, double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, format, value) : "-";
    }

    private static ObjectNode json(Outcome outcome) {
        ObjectNode node = JsonNodeFactory.instance
                .objectNode()
                .put("case", outcome.of().text())
                .put("layer", outcome.layer().text())
                .put("right", outcome.isRight())
                .put("fault", outcome.fault().orElse(null));
        put(node, "error_over_bound", outcome.worst());
        put(node, "sqnr_db", outcome.decibels());
        ArrayNode findings = node.putArray("findings");
        outcome.findings().forEach(finding -> findings.add(finding.toString()));
        return node;
    }

    /** JSON has no infinity. */
    private static void put(ObjectNode node, String name, double value) {
        if (Double.isFinite(value)) {
            node.put(name, value);
        } else {
            node.putNull(name);
        }
    }
}
