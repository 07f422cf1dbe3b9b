package org.mxforge.runtime.cli.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.mxforge.runtime.Engine;
import org.mxforge.runtime.Model;
import org.mxforge.runtime.base.options.SchedulerOptions;
import org.mxforge.runtime.cli.console.Console;
import org.mxforge.runtime.quant.Recipe;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mxforge bench requests}: how a model answers many requests together. */
@Command(
        name = "requests",
        description = {
            "Answers requests of random tokens and lengths together (continuous batching), on the GPU or the CPU."
                    + " Prints what became of them, tokens/s, and percentiles over the requests that were answered of the"
                    + " time to the first token, of the time between two tokens, and of the whole."
        },
        footer = {
            "",
            "Examples:",
            "  mxforge bench requests --model demo --requests 1000 --cancelled 0.05 --faulty 0.02",
            "  mxforge bench requests --model llama-3.1-8b --recipe mxfp4 --prompt 128-1024 --tokens 32-256 --rate 20"
        })
final class BenchRequestsCommand implements Callable<Integer> {
    @Option(
            names = "--model",
            paramLabel = "MODEL",
            defaultValue = "demo",
            description = "As for bench e2e: a folder, demo, or a shape with random weights; default ${DEFAULT-VALUE}.")
    private String model;

    @Option(
            names = "--layers",
            paramLabel = "N",
            description = "Fewer layers than the shape has; default: all of them.")
    private Integer layers;

    @Option(
            names = "--recipe",
            paramLabel = "RECIPE",
            description = "Recipe, as quantize knows it; default: what the checkpoint has.")
    private String recipe;

    @Option(
            names = "--requests",
            paramLabel = "N",
            defaultValue = "200",
            description = "Requests; default ${DEFAULT-VALUE}.")
    private int requests;

    @Option(
            names = "--rate",
            paramLabel = "R",
            defaultValue = "0",
            description = "Requests that come in a second, at random times; default: as soon as --at-once lets them.")
    private double rate;

    @Option(
            names = "--at-once",
            paramLabel = "N",
            description = "Most requests that are open at a time; default: as many as run together.")
    private Integer atOnce;

    @Option(
            names = "--prompt",
            paramLabel = "N-M",
            defaultValue = "8-128",
            converter = NumberRange.Converter.class,
            description = "Tokens of a prompt; default ${DEFAULT-VALUE}.")
    private NumberRange prompt;

    @Option(
            names = "--tokens",
            paramLabel = "N-M",
            defaultValue = "1-64",
            converter = NumberRange.Converter.class,
            description = "Most new tokens of a request; default ${DEFAULT-VALUE}.")
    private NumberRange tokens;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            defaultValue = "0.8",
            description = "Of every other request, the others being greedy; default ${DEFAULT-VALUE}.")
    private float temperature;

    @Option(
            names = "--cancelled",
            paramLabel = "SHARE",
            defaultValue = "0",
            description = "Share of requests that are cancelled; default ${DEFAULT-VALUE}.")
    private double cancelled;

    @Option(
            names = "--faulty",
            paramLabel = "SHARE",
            defaultValue = "0",
            description = "Share of requests that are refused or whose listener fails; default ${DEFAULT-VALUE}.")
    private double faulty;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Seed of the random numbers.")
    private long seed;

    @Mixin
    private SchedulingOptions scheduling;

    @Mixin
    private CacheOption cache;

    @Mixin
    private RunOptions run;

    @Override
    public Integer call() throws InterruptedException {
        Console console = run.console();
        SchedulerOptions options = scheduling.options();
        int open = atOnce == null ? options.sequences() : atOnce;
        RequestLoad load = new RequestLoad(requests, rate, open, prompt, tokens, temperature, cancelled, faulty, seed);
        load.checkFits(options.context(), "the scheduler's --context");
        TimedSubject subject =
                TimedSubject.open(model, layers, positions -> load.checkFits(positions, "the model's context"));
        subject.folder().check(cache.format());
        Recipe asked = recipe == null ? subject.folder().recipe() : Recipe.parse(recipe);
        PreparedRecipe prepared = subject.prepare(asked, console);
        try (Engine engine = run.open();
                Model loaded = prepared.load(engine, options, cache.format(), console)) {
            console.line(subject.on(engine) + ", " + asked.text() + ", key/value cache in "
                    + cache.format().text());
            console.line(heading(load));
            RequestRun run = RequestRun.of(engine, loaded, options, load);
            run.show(console);
            console.document(document(subject, asked, engine, load, run));
        }
        return 0;
    }

    private static String heading(RequestLoad load) {
        String lengths = String.format(Locale.ROOT, "%,d requests of ", load.requests()) + load.prompt()
                + " tokens and " + load.tokens() + " new ones";
        return load.rate() > 0
                ? String.format(
                        Locale.ROOT, "%s%n%.1f a second come, at most %d are open", lengths, load.rate(), load.atOnce())
                : lengths + ", " + load.atOnce() + " at once";
    }

    private ObjectNode document(TimedSubject subject, Recipe recipe, Engine engine, RequestLoad load, RequestRun run) {
        ObjectNode document = subject.document();
        document.put("recipe", recipe.text())
                .put("kv_cache", cache.format().text())
                .put("device", engine.device())
                .put("requests", load.requests())
                .put("rate", load.rate())
                .put("at_once", load.atOnce())
                .put("seed", load.seed());
        run.putInto(document);
        return document;
    }
}
