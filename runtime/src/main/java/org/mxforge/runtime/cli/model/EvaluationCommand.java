package org.mxforge.runtime.cli.model;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.mxforge.runtime.Engine;
import org.mxforge.runtime.Model;
import org.mxforge.runtime.ModelFolder;
import org.mxforge.runtime.base.options.SchedulerOptions;
import org.mxforge.runtime.cli.console.Console;
import org.mxforge.runtime.task.Evaluation;
import org.mxforge.runtime.task.Task;
import org.mxforge.runtime.task.WritingOptions;
import picocli.CommandLine.Mixin;

/** What the commands that evaluate on tasks have in common. */
abstract class EvaluationCommand implements Callable<Integer> {
    @Mixin
    private ModelOption model;

    @Mixin
    private RecipeOptions recipe;

    @Mixin
    private TaskOptions options;

    @Mixin
    private CacheOption cache;

    @Mixin
    private RunOptions run;

    /** The tasks that are wanted. */
    abstract List<Task> tasks();

    /** How answers are written, where they are. */
    abstract WritingOptions writing();

    @Override
    public final Integer call() {
        Console console = run.console();
        List<Task> tasks = tasks();
        WritingOptions writing = writing();
        ModelFolder folder = model.open();
        folder.check(cache.format());
        PreparedRecipe prepared = recipe.prepare(folder, console);
        Map<String, String> settings =
                Map.of("recipe", recipe.text(folder), "kv_cache", cache.format().text());
        SchedulerOptions room = writing.scheduling();
        try (Evaluation evaluation = Evaluation.prepare(
                        folder, tasks, options.options(settings).withWriting(writing));
                Engine engine = run.open();
                Model loaded = prepared.load(engine, room, cache.format(), console)) {
            options.run(evaluation, tasks, loaded, engine, console);
        }
        return 0;
    }
}
