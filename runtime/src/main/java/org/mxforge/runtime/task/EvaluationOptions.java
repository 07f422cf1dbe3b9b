package org.mxforge.runtime.task;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.mxforge.runtime.base.MxForgeException;

/**
 * How tasks are run: {@link #on}, changed by the {@code with} methods.
 *
 * @param data the folder in which the tasks' files are
 * @param limit most items of a task, or of each subject of a task that has these; the first ones
 * @param output where the report goes, a file that does not exist yet; beside it, until it is whole, lies what was done so far
 * @param writing how answers are written and judged, of tasks that have such
 * @param settings what else tells one run from another, such as the recipe, for the report
 */
public record EvaluationOptions(
        Path data, int limit, Optional<Path> output, WritingOptions writing, Map<String, String> settings) {
    public EvaluationOptions {
        if (limit < 1) {
            throw new MxForgeException("the most items of a task are " + limit + ": give 1 or more");
        }
        settings = Map.copyOf(settings);
    }

    /** All items of the files in {@code data}, without a file of the results. */
    public static EvaluationOptions on(Path data) {
        return new EvaluationOptions(data, Integer.MAX_VALUE, Optional.empty(), WritingOptions.defaults(), Map.of());
    }

    public EvaluationOptions withLimit(int limit) {
        return new EvaluationOptions(data, limit, output, writing, settings);
    }

    public EvaluationOptions withOutput(Path output) {
        return new EvaluationOptions(data, limit, Optional.of(output), writing, settings);
    }

    public EvaluationOptions withWriting(WritingOptions writing) {
        return new EvaluationOptions(data, limit, output, writing, settings);
    }

    public EvaluationOptions withSettings(Map<String, String> settings) {
        return new EvaluationOptions(data, limit, output, writing, settings);
    }
}
