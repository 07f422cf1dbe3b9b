package org.mxforge.runtime.cli.model;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.mxforge.dsl.spec.KernelKinds;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.runtime.Engine;
import org.mxforge.runtime.Model;
import org.mxforge.runtime.ModelFolder;
import org.mxforge.runtime.TunedKernel;
import org.mxforge.runtime.WisdomStore;
import org.mxforge.runtime.base.files.UserOutput;
import org.mxforge.runtime.base.options.TuneMode;
import org.mxforge.runtime.cli.console.Console;
import org.mxforge.runtime.cli.console.OutputOptions;
import org.mxforge.runtime.cli.console.TuningOptions;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code mxforge tune}: finds the fastest variants ahead of time. */
@Command(
        name = "tune",
        description =
                "Tries all variants of the kernels that a model needs, or of one kernel on one shape, and remembers"
                        + " the fastest right ones.",
        footer = {
            "",
            "Examples:",
            "  mxforge tune --model Llama-3.2-1B --recipe mxfp4 --rows 1,512",
            "  mxforge tune --model Llama-3.2-1B --tune-budget 5m --report tuning.html",
            "  mxforge tune --spec 'densegemm/v1;epilogue=none;out=fp32' --shape m64,n2048,k2048 --device cpu",
            "  mxforge tune --shape m512,k2048 --spec"
                    + " 'mxquantize/v2;side=activation;formats=e2m1;rule=ceil;groups=g32;prologue=none;in=bf16;tolerance=exact'",
            "  mxforge tune --spec 'attention/v1;head=128' --shape b1,q1,c16384,h32/8",
            "  mxforge tune --shape e8,m128,n14336,k4096"
                    + " --spec 'mxgroupedgemm/v2;pairs=e2m1xe2m1;groups=g32;epilogue=none;out=bf16;tolerance=exact'"
        })
final class TuneCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @ArgGroup(multiplicity = "1")
    private Subject subject;

    @Mixin
    private RecipeOptions recipe;

    @Option(
            names = {"--rows", "--m"},
            paramLabel = "N",
            split = ",",
            defaultValue = "1,512",
            description = "Tokens at a time to tune a model for, of one text and of as many; default ${DEFAULT-VALUE}.")
    private List<Integer> rows;

    @Option(
            names = "--context",
            paramLabel = "N",
            defaultValue = "2048",
            description =
                    "Tokens of a text with all that is written, for attention; default ${DEFAULT-VALUE}, or what the"
                            + " model takes.")
    private int context;

    @Option(names = "--quick", description = "A short search of each shape instead of a whole one.")
    private boolean quick;

    @Option(
            names = "--tune-budget",
            paramLabel = "TIME",
            converter = TuningOptions.DurationConverter.class,
            description = "Searches end after this much time in all, such as 90s, 5m or 1h; another run goes on.")
    private Duration budget;

    @Option(
            names = "--report",
            paramLabel = "FILE.html",
            description = "Write a page with the search of each shape plotted; a file that does not exist yet.")
    private Path report;

    @Mixin
    private DeviceOptions device;

    @Mixin
    private OutputOptions output;

    /** A model or a kernel. */
    static final class Subject {
        @ArgGroup(exclusive = false)
        private ModelOption model;

        @ArgGroup(exclusive = false)
        private Kernel kernel;
    }

    /** One kernel on one shape. */
    static final class Kernel {
        @Option(
                names = "--spec",
                paramLabel = "SPEC",
                required = true,
                description = "Text of the spec of a GEMM, a grouped GEMM, a quantizer or attention.")
        private String spec;

        @Option(
                names = "--shape",
                paramLabel = "SHAPE",
                required = true,
                description = "Such as " + TunedKernel.SHAPES + ".")
        private String shape;

        @Option(
                names = "--algorithm",
                paramLabel = "NAME",
                description = "Operands lie as this algorithm reads them; default: the first that the device has.")
        private String algorithm;
    }

    @Override
    public Integer call() {
        Console console = output.console();
        if (rows.isEmpty()) {
            throw new ParameterException(command.commandLine(), "--rows has no number: give one at least");
        }
        if (context < 1) {
            throw new ParameterException(command.commandLine(), "--context is " + context + ": give 1 or more");
        }
        UserOutput.check(report);
        Consumer<Engine> work = subject.kernel != null ? kernel() : model(console);
        Duration limit = budget == null ? TuningOptions.NO_LIMIT : budget;
        try (Engine engine = device.open(quick ? TuneMode.QUICK : TuneMode.FULL, limit, console)) {
            work.accept(engine);
            if (report != null) {
                String page = engine.tuningReport();
                UserOutput.file(report, aside -> Files.writeString(aside, page));
            }
            console.table(ChoiceTable.table(engine.tuned()));
            console.document(ChoiceTable.json(engine.tuned()));
        }
        return 0;
    }

    /** Tunes the kernel; its spec and shape are read before a device is opened. */
    private Consumer<Engine> kernel() {
        KernelSpec spec = read(() -> KernelSpec.parse(subject.kernel.spec));
        String shape = subject.kernel.shape;
        read(() -> WisdomStore.bucketed(shape));
        String algorithm = subject.kernel.algorithm;
        return engine -> read(() -> algorithm == null
                ? engine.tune(spec, shape)
                : engine.tune(KernelVariant.of(spec, KernelKinds.algorithm(spec, algorithm), engine.target()), shape));
    }

    /** Tunes the kernels of the model, which is checked before a device is opened. */
    private Consumer<Engine> model(Console console) {
        ModelFolder folder = subject.model.open();
        rows.forEach(folder::checkContext);
        PreparedRecipe prepared = recipe.prepare(folder, console);
        return engine -> {
            try (Model loaded = engine.load(folder, prepared.on(engine))) {
                for (int i = 0; i < rows.size(); i++) {
                    console.step(
                            i + 1, rows.size(), rows.get(i) + (rows.get(i) == 1 ? " token" : " tokens") + " at a time");
                    loaded.tune(rows.get(i), context);
                    loaded.tuneStep(rows.get(i), context);
                }
            }
        };
    }

    private <T> T read(Supplier<T> reader) {
        try {
            return reader.get();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
    }
}
