package org.mxforge.runtime.cli.model;

import java.util.List;
import org.mxforge.runtime.task.Task;
import org.mxforge.runtime.task.WritingOptions;
import picocli.CommandLine.Command;
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
final class EvalTasksCommand extends EvaluationCommand {
    @Option(
            names = "--tasks",
            paramLabel = "TASK",
            split = ",",
            completionCandidates = Names.class,
            defaultValue = "piqa,arc_challenge,arc_easy,boolq,winogrande,hellaswag,lambada_openai",
            description = "Tasks, separated by commas: ${COMPLETION-CANDIDATES}; default: all but mmlu.")
    private List<String> names;

    /** For {@code --tasks}. */
    static final class Names extends TaskNames {
        Names() {
            super(Task.choices());
        }
    }

    @Override
    List<Task> tasks() {
        return Task.named(names, Task.choices());
    }

    @Override
    WritingOptions writing() {
        return WritingOptions.defaults();
    }
}
