package org.mxforge.runtime.task;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.mxforge.runtime.Model;
import org.mxforge.runtime.ModelFolder;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.base.ToolVersion;
import org.mxforge.runtime.base.files.UserOutput;

/**
 * Tasks that a model is to do. Where a report is to be written, every outcome is kept as soon as it is there, so that a run that was
 * interrupted, prepared again with the same options, asks the model for the rest alone.
 */
public final class Evaluation implements AutoCloseable {
    private final Map<Task, TaskRun> runs = new LinkedHashMap<>();
    private final ModelFolder folder;
    private final EvaluationOptions options;
    private final ObjectNode settings;
    private final Optional<Journal> journal;
    private final AtomicInteger done = new AtomicInteger();

    private Evaluation(ModelFolder folder, List<Task> tasks, EvaluationOptions options) {
        this.folder = folder;
        this.options = options;
        options.output().ifPresent(UserOutput::check);
        TaskData data = new TaskData(options.data());
        PythonJudge.Finder python = new PythonJudge.Finder(options.writing());
        tasks.forEach(task -> runs.put(task, task.open(data, folder, options.writing(), python)));
        settings = settings(data);
        journal = unfinished().map(file -> new Journal(file, settings));
        done.set(resumed());
    }

    /**
     * Reads the items of {@code tasks}, before a model is loaded for them.
     *
     * @param folder the model's
     * @throws MxForgeException naming the file and line that is not of its task's format, or if the report exists or cannot be written, or
     *     what is unfinished beside it is of another run
     */
    public static Evaluation prepare(ModelFolder folder, List<Task> tasks, EvaluationOptions options) {
        if (tasks.isEmpty()) {
            throw new MxForgeException("there is no task to evaluate: name one at least");
        }
        return new Evaluation(folder, tasks, options);
    }

    /** Where outcomes are kept until all are there; empty where no report is to be written. */
    public Optional<Path> unfinished() {
        return options.output().map(output -> output.resolveSibling(output.getFileName() + ".unfinished"));
    }

    private ObjectNode settings(TaskData data) {
        ObjectNode node = JsonNodeFactory.instance
                .objectNode()
                .put("mxforge", ToolVersion.TEXT)
                .put("chat", options.writing().chat())
                .put("model", folder.path().toAbsolutePath().normalize().toString());
        options.settings().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> node.put(entry.getKey(), entry.getValue()));
        if (options.limit() < Integer.MAX_VALUE) {
            node.put("limit", options.limit());
        } else {
            node.putNull("limit");
        }
        node.put(
                "tasks", String.join(",", runs.keySet().stream().map(Task::name).toList()));
        ObjectNode files = node.putObject("data_sha256");
        data.digests().forEach(files::put);
        return node;
    }

    /** How many outcomes a run before this one has left. */
    public int resumed() {
        return journal.map(Journal::outcomes).map(List::size).orElse(0);
    }

    /** How many outcomes there are by now; for any thread. */
    public int done() {
        return done.get();
    }

    /**
     * Lets {@code model} do what is left, and writes the report.
     *
     * @param model of the folder that this was prepared for
     * @param progress told how answers are written, and what should be known; likelihoods are told to the engine's
     * @param begins told of each task before its first item
     * @throws org.mxforge.runtime.base.CancelledException if the engine's progress listener cancels it; outcomes are kept
     */
    public EvaluationReport run(Model model, Progress progress, Consumer<Task> begins) {
        Map<Task, List<Outcome>> results = new LinkedHashMap<>();
        runs.forEach((task, run) -> {
            begins.accept(task);
            if (run.shots() < task.shots() && !options.writing().chat()) {
                progress.warning(
                        "prompts of " + task.name() + " have " + run.shots() + " examples, since the file of these"
                                + " is not there; published scores are with " + task.shots());
            }
            results.put(task, outcomes(model, task, run, progress));
        });
        Map<Task, Integer> shots = new HashMap<>();
        runs.forEach((task, run) -> shots.put(task, run.shots()));
        EvaluationReport report = EvaluationReport.of(settings, results, shots);
        options.output().ifPresent(report::write);
        journal.ifPresent(Journal::remove);
        return report;
    }

    /** In the order of the items. */
    private List<Outcome> outcomes(Model model, Task task, TaskRun run, Progress progress) {
        List<String> ids = run.ids(options.limit());
        Map<String, Outcome> known = new HashMap<>();
        journal.ifPresent(kept -> kept.outcomes().stream()
                .filter(outcome -> outcome.task().equals(task.name()))
                .forEach(outcome -> known.put(outcome.id(), outcome)));
        Set<String> wanted = new LinkedHashSet<>(ids);
        wanted.removeAll(known.keySet());
        run.run(model, wanted, progress, outcome -> {
            journal.ifPresent(kept -> kept.add(outcome));
            known.put(outcome.id(), outcome);
            done.incrementAndGet();
        });
        List<Outcome> outcomes = new ArrayList<>();
        ids.forEach(id -> outcomes.add(known.get(id)));
        return outcomes;
    }

    @Override
    public void close() {
        journal.ifPresent(Journal::close);
    }
}
