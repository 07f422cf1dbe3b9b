package org.mxforge.runtime.cli.model;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.mxforge.runtime.Engine;
import org.mxforge.runtime.Model;
import org.mxforge.runtime.ModelFolder;
import org.mxforge.runtime.Quantization;
import org.mxforge.runtime.base.options.Workload;
import org.mxforge.runtime.cli.console.Console;
import org.mxforge.runtime.quant.Recipe;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mxforge bench e2e}: how fast a whole model is. */
@Command(
        name = "e2e",
        description = {
            "Times a whole model on the GPU or the CPU: reading a batch of random prompts (prefill), then steps in"
                    + " which each sequence gets one token more. Prints the mean over the repeats with its 95 %% interval,"
                    + " tokens/s of all sequences together, how many times as fast as bf16 that is if bf16 is among the"
                    + " recipes, and what the model, its cache and its work took of the GPU's memory.",
            "",
            "After these runs it does a prefill and a step once more with a clock at each kernel, and prints what part"
                    + " of their time GEMMs, quantizers, attention, other kernels and nothing at all took. The clocks add"
                    + " about a microsecond to each kernel."
        },
        footer = {
            "",
            "Examples:",
            "  mxforge bench e2e --model demo --device cpu --prefill 128 --decode 16",
            "  mxforge bench e2e --model llama-3.1-8b --batch 8 --prefill 2048 --recipe"
                    + " 'bf16,micromix;shares=70:20:10'",
            "  mxforge bench e2e --model Llama-3.2-1B --batch 32 --prefill 512 --recipe 'bf16,micromix' --json"
        })
final class BenchModelCommand implements Callable<Integer> {
    @Option(
            names = "--model",
            paramLabel = "MODEL",
            required = true,
            description = {
                "A folder with a checkpoint; demo, the bundled one; or the shape of a model, which gets random weights:"
                        + " llama-2-7b, llama-3.1-8b, qwen2.5-7b, qwen2.5-14b, qwen2.5-32b, mixtral-8x7b."
            })
    private String model;

    @Option(
            names = "--layers",
            paramLabel = "N",
            description = "Fewer layers than the shape has; default: all of them.")
    private Integer layers;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "1",
            description = "Sequences; default ${DEFAULT-VALUE}.")
    private int batch;

    @Option(
            names = "--prefill",
            paramLabel = "N",
            defaultValue = "512",
            description = "Tokens of each prompt; default ${DEFAULT-VALUE}.")
    private int prefill;

    @Option(
            names = "--decode",
            paramLabel = "N",
            defaultValue = "32",
            description = "Steps after the prompt; default ${DEFAULT-VALUE}.")
    private int decode;

    @Option(
            names = "--recipe",
            paramLabel = "RECIPE",
            split = ",",
            description = {
                "Recipes to compare, as quantize knows them, and int8, one scale a token and one an output; default:"
                        + " bf16,mxfp4, or what the checkpoint has. Random weights have nothing to be calibrated on:"
                        + " micromix needs its shares there, which every layer gets to the nearest 128 channels, as in"
                        + " 'micromix;shares=70:20:10' of FP4, FP6 and FP8, and the order of channels is random."
            })
    private List<String> recipes;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            defaultValue = "2",
            description = "Runs before those that are timed; default ${DEFAULT-VALUE}.")
    private int warmUps;

    @Option(
            names = "--repeats",
            paramLabel = "N",
            defaultValue = "5",
            description = "Runs that are timed; default ${DEFAULT-VALUE}.")
    private int repeats;

    @Mixin
    private CacheOption cache;

    @Mixin
    private ModelPeers peers;

    @Mixin
    private TraceOption trace;

    @Mixin
    private RunOptions run;

    @Override
    public Integer call() {
        Console console = run.console();
        trace.check();
        peers.read();
        Workload workload = new Workload(batch, prefill, decode, warmUps, repeats);
        List<Recipe> asked = recipes == null
                ? List.of()
                : recipes.stream().map(Recipe::parse).toList();
        TimedSubject subject = TimedSubject.open(model, layers, workload::checkFits);
        subject.folder().check(cache.format());
        Map<String, PreparedRecipe> prepared = new LinkedHashMap<>();
        for (Recipe recipe : asked.isEmpty() ? usual(subject.folder()) : asked) {
            prepared.put(recipe.text(), subject.prepare(recipe, console));
        }
        try (Engine engine = run.open()) {
            if (!engine.target().isGpu()) {
                subject.checkDuration(workload, prepared.size());
            }
            ThroughputTable results = new ThroughputTable();
            console.line(heading(subject, workload, engine));
            prepared.forEach((recipe, how) -> {
                try (Model loaded = how.load(engine, batch, prefill + decode, cache.format(), console)) {
                    results.add(recipe, loaded.time(workload));
                }
            });
            console.table(results.table());
            if (peers.did(workload)) {
                console.line("");
                console.table(peers.table(results.results()));
            }
            console.line("\nshares of the time of one prefill and one step, each kernel timed\n");
            console.table(KernelTimes.shares(results.results()));
            console.line("");
            console.table(KernelTimes.kinds(results.results()));
            trace.write(results.results());
            console.document(document(subject, workload, engine, results.json(peers)));
        }
        return 0;
    }

    private static List<Recipe> usual(ModelFolder folder) {
        return folder.isQuantized()
                ? List.of(folder.recipe())
                : List.of(Quantization.NONE.recipe(), Recipe.parse("mxfp4"));
    }

    private String heading(TimedSubject subject, Workload workload, Engine engine) {
        return subject.on(engine)
                + "\n" + workload.batch() + " x " + workload.prefill() + " tokens of prefill, " + workload.decode()
                + " steps, " + workload.warmUps() + " + " + workload.repeats() + " runs, key/value cache in "
                + cache.format().text();
    }

    private ObjectNode document(TimedSubject subject, Workload workload, Engine engine, ArrayNode recipes) {
        ObjectNode document = subject.document();
        document.put("device", engine.device())
                .put("kv_cache", cache.format().text())
                .put("batch", workload.batch())
                .put("prefill", workload.prefill())
                .put("decode", workload.decode())
                .put("warm_ups", workload.warmUps())
                .put("repeats", workload.repeats());
        document.set("recipes", recipes);
        return document;
    }
}
