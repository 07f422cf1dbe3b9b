package org.mxforge.runtime.cli.model;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.mxforge.runtime.Engine;
import org.mxforge.runtime.Model;
import org.mxforge.runtime.ModelFolder;
import org.mxforge.runtime.cli.console.Console;
import org.mxforge.runtime.cli.console.OutputOptions;
import org.mxforge.runtime.cli.console.TuningOptions;
import org.mxforge.runtime.task.Evaluation;
import org.mxforge.runtime.task.Task;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mxforge eval tasks}: questions with given answers. */
@Command(
        name = "tasks",
        description =
                "Lets a model choose among given answers, as lm-evaluation-harness does: its prompts, its" + " scores.",
        footer = {
            "",
            "Files in the folder of data, JSON in lines, with the fields that lie in the",
            "datasets as they are published:",
            "  piqa/valid.jsonl, piqa/valid-labels.lst   goal, sol1, sol2; 0 or 1",
            "  arc/arc_challenge_test.jsonl, arc/arc_easy_test.jsonl",
            "                                            question, choices, gold",
            "  boolq/validation.jsonl                    passage, question, label",
            "  winogrande/validation.jsonl               sentence, option1, option2,",
            "                                            answer",
            "  hellaswag/validation.jsonl                query, choices, gold (clean)",
            "  lambada/lambada_test.jsonl                text",
            "  mmlu/test.jsonl, mmlu/dev.jsonl           subject, question, choices,",
            "                                            answer",
            "  mmlu/groups.json                          subjects of each group",
            "",
            "acc is the share of items whose right answer is likeliest, acc_norm the same",
            "by log likelihood over characters. MMLU has five examples in a prompt.",
            "",
            "Examples:",
            "  mxforge eval tasks --model Llama-3.2-1B --data data --out bf16.json",
            "  mxforge eval tasks --model Llama-3.2-1B --data data --out mxfp4.json \\",
            "    --recipe mxfp4",
            "  mxforge eval tasks --model Llama-3.2-1B --data data --tasks mmlu --limit 100",
            "  mxforge eval compare bf16.json mxfp4.json"
        })
final class EvalTasksCommand implements Callable<Integer> {
    /** As many tokens as are read together at most. */
    private static final int ROWS = 4096;

    private static final int USUAL_CONTEXT = 2048;

    @Mixin
    private ModelOption model;

    @Mixin
    private RecipeOptions recipe;

    @Option(
            names = "--tasks",
            paramLabel = "TASK",
            split = ",",
            completionCandidates = Names.class,
            defaultValue = "piqa,arc_challenge,arc_easy,boolq,winogrande,hellaswag,lambada_openai",
            description = "Tasks, separated by commas: ${COMPLETION-CANDIDATES}; default: all but mmlu.")
    private List<String> names;

    @Mixin
    private TaskOptions options;

    @Mixin
    private CacheOption cache;

    @Mixin
    private DeviceOptions device;

    @Mixin
    private TuningOptions tuning;

    @Mixin
    private OutputOptions output;

    /** For {@code --tasks}. */
    static final class Names extends TaskNames {
        Names() {
            super(Task.choices());
        }
    }

    @Override
    public Integer call() {
        Console console = output.console();
        List<Task> tasks = Task.named(names, Task.choices());
        ModelFolder folder = model.open();
        folder.check(cache.format());
        PreparedRecipe prepared = recipe.prepare(folder, console);
        Map<String, String> settings =
                Map.of("recipe", recipe.text(folder), "kv_cache", cache.format().text());
        int context = Math.min(USUAL_CONTEXT, folder.maxPositions());
        try (Evaluation evaluation = Evaluation.prepare(folder, tasks, options.options(settings));
                Engine engine = device.open(tuning, console);
                Model loaded = prepared.load(engine, ROWS / context, context, cache.format(), console)) {
            options.run(evaluation, tasks, loaded, engine, console);
        }
        return 0;
    }
}
