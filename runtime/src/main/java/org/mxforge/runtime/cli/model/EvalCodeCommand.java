package org.mxforge.runtime.cli.model;

import java.util.List;
import org.mxforge.runtime.task.Task;
import org.mxforge.runtime.task.WritingOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mxforge eval code}: programs that a model writes, and that are run. */
@Command(
        name = "code",
        description = "Lets a model write programs, greedily and many together, and runs them.",
        footer = {
            "",
            "Files in the folder of data, as OpenAI and EvalPlus publish them:",
            "  humaneval/HumanEval.jsonl",
            "  humaneval/HumanEvalPlus-v0.1.10.jsonl.gz",
            "  mbpp/MbppPlus-v0.1.0.jsonl",
            "",
            "humaneval is run as lm-evaluation-harness does. humaneval_plus and mbpp_plus",
            "are run as EvalPlus does, which cuts the program out of the answer: 'base' is",
            "for the inputs of HumanEval or MBPP, 'plus' for EvalPlus's as well.",
            "",
            "Each program runs in a Python process of its own, with limits of time and",
            "memory, without network, unable to write files or start processes. Where a",
            "system cannot do that, the command says so and runs nothing, unless",
            "--allow-unisolated is given. Python 3.9 or later must be there as python3.",
            "",
            "Examples:",
            "  mxforge eval code --model Qwen3-0.6B --data data --chat --out code.json",
            "  mxforge eval code --model Llama-3.2-1B --data data --tasks humaneval --limit 20"
        })
final class EvalCodeCommand extends EvaluationCommand {
    @Option(
            names = "--tasks",
            paramLabel = "TASK",
            split = ",",
            completionCandidates = Names.class,
            defaultValue = "humaneval,humaneval_plus,mbpp_plus",
            description = "Tasks, separated by commas: ${COMPLETION-CANDIDATES}; default: all.")
    private List<String> names;

    @Option(names = "--chat", description = "Put questions by the model's chat template.")
    private boolean chat;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "Most that a program may run; default ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(
            names = "--allow-unisolated",
            description = "Run programs also where they cannot be cut off from network, files and processes: with all"
                    + " that you may do.")
    private boolean unisolated;

    @Mixin
    private SchedulingOptions scheduling;

    /** For {@code --tasks}. */
    static final class Names extends TaskNames {
        Names() {
            super(Task.programs());
        }
    }

    @Override
    List<Task> tasks() {
        return Task.named(names, Task.programs());
    }

    @Override
    WritingOptions writing() {
        return WritingOptions.defaults()
                .withScheduling(scheduling.options())
                .withChat(chat)
                .withSeconds(seconds)
                .withUnisolated(unisolated);
    }
}
