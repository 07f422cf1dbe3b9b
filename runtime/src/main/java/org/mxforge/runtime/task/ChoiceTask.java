package org.mxforge.runtime.task;

import java.util.List;
import java.util.Map;
import org.mxforge.runtime.Continuation;
import org.mxforge.runtime.ModelFolder;

/** A task whose answers are given: what counts is which of them the model finds likely. */
abstract sealed class ChoiceTask extends Task permits Piqa, Arc, BoolQ, WinoGrande, HellaSwag, Lambada, Mmlu {
    ChoiceTask(String name, String file, int shots, Metric... metrics) {
        super(name, file, shots, metrics);
    }

    /** All items, in the order of the file. */
    abstract List<ChoiceItem> read(TaskData data);

    /** What {@code scores} of the choices of {@code item} come to, for the task's metrics at least. */
    Map<Metric, Double> values(ChoiceItem item, List<Continuation.Score> scores) {
        return item.accuracy(scores);
    }

    @Override
    final TaskRun open(TaskData data, ModelFolder folder, WritingOptions writing, PythonJudge.Finder python) {
        return new ChoiceRun(this, read(data), folder);
    }
}
