package org.mxforge.runtime.cli.model;

import java.util.List;
import org.mxforge.runtime.task.Task;
import org.mxforge.runtime.task.WritingOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mxforge eval math}: problems whose results are compared. */
@Command(
        name = "math",
        description = "Lets a model solve problems, greedily and many together, and compares the results.",
        footer = {
            "",
            "Files in the folder of data, JSON in lines:",
            "  gsm8k/test.jsonl   question, answer with its number after ####; the first",
            "                     five of gsm8k/train.jsonl are examples, if it is there",
            "  math/test.jsonl    problem, solution with its result in \\boxed{}",
            "  cmath/test.jsonl   question, golden",
            "",
            "gsm8k and math are prompted and scored as lm-evaluation-harness does, a boxed",
            "result counted first; with --chat the question is put by the model's chat",
            "template, without examples, and a boxed result is asked for.",
            "",
            "Examples:",
            "  mxforge eval math --model Llama-3.2-1B --data data --out gsm8k.json",
            "  mxforge eval math --model Qwen3-0.6B --data data --tasks gsm8k,math --chat"
        })
final class EvalMathCommand extends EvaluationCommand {
    @Option(
            names = "--tasks",
            paramLabel = "TASK",
            split = ",",
            completionCandidates = Names.class,
            defaultValue = "gsm8k",
            description = "Tasks, separated by commas: ${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}.")
    private List<String> names;

    @Option(names = "--chat", description = "Put questions by the model's chat template.")
    private boolean chat;

    @Mixin
    private SchedulingOptions scheduling;

    /** For {@code --tasks}. */
    static final class Names extends TaskNames {
        Names() {
            super(Task.problems());
        }
    }

    @Override
    List<Task> tasks() {
        return Task.named(names, Task.problems());
    }

    @Override
    WritingOptions writing() {
        return WritingOptions.defaults().withScheduling(scheduling.options()).withChat(chat);
    }
}
