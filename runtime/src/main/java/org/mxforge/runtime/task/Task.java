package org.mxforge.runtime.task;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.mxforge.dsl.text.Spelling;
import org.mxforge.runtime.ModelFolder;
import org.mxforge.runtime.base.MxForgeException;

/** A benchmark: items in a file, a prompt for each, and a way to score the answers. */
public abstract sealed class Task permits ChoiceTask, WrittenTask {
    private final String name;
    private final String file;
    private final int shots;
    private final List<Metric> metrics;

    /** @param file whose format follows from the task, in the folder of data */
    Task(String name, String file, int shots, Metric... metrics) {
        this.name = name;
        this.file = file;
        this.shots = shots;
        this.metrics = List.of(metrics);
    }

    /** Questions with given answers, in the order in which they are reported. */
    public static List<Task> choices() {
        return List.of(
                new Piqa(),
                new Arc("arc_challenge"),
                new Arc("arc_easy"),
                new BoolQ(),
                new WinoGrande(),
                new HellaSwag(),
                new Lambada(),
                new Mmlu());
    }

    /** Programs in Python, which are run. */
    public static List<Task> programs() {
        return List.of(new HumanEval(), PlusPrograms.humanEval(), PlusPrograms.mbpp());
    }

    /** Problems whose results are compared. */
    public static List<Task> problems() {
        return List.of(new Gsm8k(), new MathProblems(), new Cmath());
    }

    /**
     * Those of {@code tasks} that are named, in the order of the names.
     *
     * @throws MxForgeException naming one that is not among them
     */
    public static List<Task> named(List<String> names, List<Task> tasks) {
        Set<Task> found = new LinkedHashSet<>();
        for (String name : names) {
            found.add(tasks.stream()
                    .filter(task -> task.name.equals(name))
                    .findFirst()
                    .orElseThrow(() -> unknown(name, tasks)));
        }
        return List.copyOf(found);
    }

    private static MxForgeException unknown(String name, List<Task> tasks) {
        List<String> names = tasks.stream().map(Task::name).toList();
        return new MxForgeException(
                "unknown task '" + name + "'" + Spelling.hint(name, names) + ": use " + String.join(", ", names));
    }

    /** As lm-evaluation-harness calls it, such as {@code arc_easy}. */
    public final String name() {
        return name;
    }

    /** The file of its items in the folder of data, such as {@code piqa/valid.jsonl}. */
    public final String file() {
        return file;
    }

    /** Examples in a prompt as published scores have them. */
    public final int shots() {
        return shots;
    }

    /** What is reported of it. */
    public final List<Metric> metrics() {
        return metrics;
    }

    /**
     * Reads its items for a model.
     *
     * @param python finds what runs programs, for tasks that want that
     * @throws MxForgeException naming the file and the line that is not of the task's format
     */
    abstract TaskRun open(TaskData data, ModelFolder folder, WritingOptions writing, PythonJudge.Finder python);
}
