package org.mxforge.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.runtime.BundledModel;
import org.mxforge.runtime.task.TaskFiles;

class EvalTasksCommandTest {
    @TempDir
    Path folder;

    private CommandRun tasks(Object... more) {
        Object[] words = {
            "eval",
            "tasks",
            "--model",
            BundledModel.open().path(),
            "--data",
            TaskFiles.in(folder),
            "--device",
            "cpu",
            "--tune",
            "off"
        };
        Object[] all = java.util.Arrays.copyOf(words, words.length + more.length);
        System.arraycopy(more, 0, all, words.length, more.length);
        return CommandRun.of(all);
    }

    @Test
    void tasksAreTabledAndCompared() {
        Path before = folder.resolve("a.json");
        Path after = folder.resolve("b.json");
        CommandRun run = tasks("--tasks", "piqa,mmlu", "--limit", "1", "--out", before);
        assertThat(run.code()).isZero();
        assertThat(run.out()
                        .lines()
                        .map(line -> line.split("\\s+")[0].isEmpty()
                                ? line.strip().split("\\s+")[0]
                                : line.split("\\s+")[0]))
                .startsWith("TASK", "piqa", "piqa", "mmlu", "mmlu_stem", "mmlu_other");
        assertThat(run.out().lines()).allMatch(line -> line.length() <= 80);
        assertThat(tasks("--tasks", "piqa,mmlu", "--limit", "1", "--recipe", "mxfp4", "--out", after)
                        .code())
                .isZero();
        CommandRun compared = CommandRun.of("eval", "compare", before, after);
        assertThat(compared.code()).isZero();
        assertThat(compared.out()).contains("LOST", "GAINED", "acc_norm");
        assertThat(compared.out().lines()).allMatch(line -> line.length() <= 80);
        assertThat(CommandRun.of("eval", "compare", before, after, "--json")
                        .json()
                        .at("/tasks/0/items")
                        .asInt())
                .isEqualTo(1);
    }

    /** A model that knows nothing of it answers something, which is judged. */
    @Test
    void problemsAreSolved() {
        CommandRun run = CommandRun.of(
                "eval",
                "math",
                "--model",
                BundledModel.open().path(),
                "--data",
                TaskFiles.in(folder),
                "--device",
                "cpu",
                "--tune",
                "off",
                "--tasks",
                "gsm8k,math,cmath",
                "--context",
                "64",
                "--cache-tokens",
                "128",
                "--out",
                folder.resolve("math.json"));
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.err()).contains("prompts of gsm8k have 0 examples");
        assertThat(run.out()).contains("flexible-extract", "cmath");
        assertThat(run.out().lines().limit(5)).allMatch(line -> line.length() <= 80);
        assertThat(CommandRun.of("eval", "compare", folder.resolve("math.json"), folder.resolve("math.json"))
                        .out())
                .contains("gsm8k", "1.000");
    }

    @Test
    void whatIsWrongIsSaidBeforeAModelIsLoaded() {
        assertThat(tasks("--tasks", "piqua").err()).contains("unknown task 'piqua' (did you mean piqa?)");
        assertThat(tasks("--limit", "0").err()).contains("the most items of a task are 0: give 1 or more");
        TaskFiles.in(folder);
        assertThat(CommandRun.of("eval", "compare", folder.resolve("boolq/validation.jsonl"), folder.resolve("x"))
                        .err())
                .contains("mxforge: ");
        assertThat(tasks("--json", "--tasks", "boolq")
                        .json()
                        .at("/results/boolq/alias")
                        .asText())
                .isEqualTo("boolq");
    }
}
