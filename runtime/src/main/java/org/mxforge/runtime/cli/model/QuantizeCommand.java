package org.mxforge.runtime.cli.model;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.mxforge.runtime.BundledModel;
import org.mxforge.runtime.Engine;
import org.mxforge.runtime.ModelFolder;
import org.mxforge.runtime.ModelSize;
import org.mxforge.runtime.Quantization;
import org.mxforge.runtime.ScoringOptions;
import org.mxforge.runtime.base.ByteSize;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.files.UserOutput;
import org.mxforge.runtime.base.options.CheckpointFormat;
import org.mxforge.runtime.cli.console.Console;
import org.mxforge.runtime.cli.console.TextFile;
import org.mxforge.runtime.quant.Recipe;
import org.mxforge.runtime.quant.Refinement;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mxforge quantize}: writes a quantized checkpoint. */
@Command(
        name = "quantize",
        description = "Writes a quantized copy of a checkpoint: packed linear layers, everything else as it was.",
        footer = {
            "",
            "Examples:",
            "  mxforge quantize --model Llama-3.2-1B --recipe 'mixed;bits=4.5' --text mine.txt,wiki.txt"
                    + " --out Llama-3.2-1B-mixed",
            "  mxforge quantize --model Llama-3.2-1B --recipe mxfp4 --out Llama-3.2-1B-mxfp4",
            "  mxforge quantize --model Llama-3.2-1B --recipe 'micromix;fp6=e2m3' --calibration calibration.json"
                    + " --out Llama-3.2-1B-micromix",
            "  mxforge quantize --model Llama-3.2-1B --recipe mxfp4 --format compressed-tensors --out"
                    + " Llama-3.2-1B-vllm",
            "  mxforge quantize --model Llama-3.2-1B --recipe mxfp6-e2m3 --format quark --out Llama-3.2-1B-quark"
        })
final class QuantizeCommand implements Callable<Integer> {
    /** Windows that recipes are compared on for a report. */
    private static final int REPORTED = 40;

    @Mixin
    private ModelOption model;

    @Option(
            names = "--recipe",
            paramLabel = "RECIPE",
            completionCandidates = RecipeCandidates.class,
            required = true,
            description =
                    "mxfp8, mxfp6-e2m3, mxfp6-e3m2, mxfp4, a pair such as e4m3xe2m1, each with /clip, /floor or /even"
                            + " and ;hadamard=32 or without, micromix with settings fp6, fp8, weights, metric, lambda or"
                            + " shares or p4, p6, p8, granularity, rule and hadamard, or mixed with settings bits, or w"
                            + " and a, or bytes, or ms (milliseconds of the linear layers on this device, for prefill=2048"
                            + " tokens at once and decode=128 steps), rotate, centre, smooth, hadamard, rule, round and"
                            + " granularity.")
    private String recipe;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "mxforge",
            description =
                    "mxforge, or for other programs compressed-tensors (mxfp4 and mxfp8) or quark (all but micromix);"
                            + " default ${DEFAULT-VALUE}.")
    private String format;

    @ArgGroup
    private Calibration calibration = new Calibration();

    @Mixin
    private SampleOptions samples;

    @Option(names = "--out", paramLabel = "FOLDER", required = true, description = "A folder that does not exist yet.")
    private Path out;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description =
                    "Draw what the search for mixed found, what it and other recipes lose, and what their layers take:"
                            + " an HTML page, complete in itself, which does not exist yet.")
    private Path page;

    @Option(
            names = "--report-text",
            paramLabel = "FILE",
            description =
                    "A text on which recipes are compared for --report, not one to search on; default: the bundled"
                            + " one.")
    private Path scored;

    @Mixin
    private RunOptions run;

    /** At most one of them. */
    static final class Calibration extends CalibrationFiles {
        @Option(names = "--text", paramLabel = "FILE", split = ",", description = CalibrationFiles.TEXTS)
        void texts(List<Path> files) {
            take(files);
        }
    }

    @Override
    public Integer call() {
        Console console = run.console();
        Recipe wanted = Recipe.parse(recipe);
        CheckpointFormat form = CheckpointFormat.parse(format);
        UserOutput.check(out);
        UserOutput.check(page);
        if (page != null
                && page.toAbsolutePath().normalize().equals(out.toAbsolutePath().normalize())) {
            throw new MxForgeException("--out and --report are both " + out + ": give two names");
        }
        if (page != null && wanted.mixed().isEmpty()) {
            throw new MxForgeException(
                    "--report shows what is searched for, and " + wanted.text() + " leaves nothing open: leave it out");
        }
        if (page == null && scored != null) {
            throw new MxForgeException("--report-text is what --report compares recipes on: give both or neither");
        }
        String text = scored == null ? BundledModel.evaluationText() : TextFile.read(scored);
        ModelFolder folder = model.open();
        ScoringOptions scoring = ScoringOptions.defaults().withWindows(REPORTED).within(folder.maxPositions());
        if (page != null) {
            folder.checkScoring(folder.encode(text), scoring);
        }
        PreparedRecipe prepared = calibration.source(samples).prepare(folder, wanted, console);
        folder.check(prepared.quantization(), form);
        if (!prepared.needsEngine()) {
            write(folder, prepared.quantization(), form, console);
            return 0;
        }
        try (Engine engine = run.open()) {
            Quantization quantization = prepared.on(engine);
            write(folder, quantization, form, console);
            if (page != null) {
                String drawn = engine.report(folder, quantization, prepared.options(), text, scoring);
                UserOutput.file(page, aside -> Files.writeString(aside, drawn));
            }
        }
        return 0;
    }

    private void write(ModelFolder folder, Quantization quantization, CheckpointFormat form, Console console) {
        report(
                console,
                quantization.recipe(),
                folder.size(),
                folder.quantize(quantization, form, out, console.progress()));
        quantization.refinement().map(Refinement::took).ifPresent(took -> report(console, took));
        quantization.refinement().flatMap(Refinement::time).ifPresent(time -> report(console, time));
    }

    private static void report(Console console, Refinement.Took took) {
        console.line(String.format(
                Locale.ROOT,
                "searched for in %.1f s: %s",
                took.seconds(),
                took.stages().entrySet().stream()
                        .map(stage -> String.format(Locale.ROOT, "%.1f %s", stage.getValue(), stage.getKey()))
                        .collect(Collectors.joining(", "))));
    }

    private static void report(Console console, Refinement.Time time) {
        console.line(String.format(
                Locale.ROOT,
                "its linear layers take %.4g ms of %.4g here; %d sites were measured as they are, the others reckoned"
                        + " from these",
                time.millis(),
                time.budget(),
                time.measured()));
    }

    private void report(Console console, Recipe wanted, ModelSize before, ModelSize after) {
        console.line(String.format(
                Locale.ROOT,
                "%s written with recipe %s: %s instead of %s, %.2f bits for each quantized weight",
                out,
                wanted.text(),
                ByteSize.text(after.bytes()),
                ByteSize.text(before.bytes()),
                after.bitsPerWeight()));
        console.document(JsonNodeFactory.instance
                .objectNode()
                .put("folder", out.toString())
                .put("recipe", wanted.text())
                .put("bytes", after.bytes())
                .put("original_bytes", before.bytes())
                .put("bits_per_weight", after.bitsPerWeight()));
    }
}
