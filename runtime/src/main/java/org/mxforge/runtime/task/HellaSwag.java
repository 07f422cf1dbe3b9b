package org.mxforge.runtime.task;

import java.util.ArrayList;
import java.util.List;
import org.mxforge.runtime.base.json.JsonFields;

/**
 * Which of four sentences goes on with a text. {@code hellaswag/validation.jsonl} has {@code query} and {@code choices}, both cleaned of
 * markup as the harness does, and {@code gold}, the number of the right one. The harness keeps a blank before endings of WikiHow that began
 * with markup; a file that lacks these, as some copies do, is no basis for scores to lay beside published ones.
 */
final class HellaSwag extends ChoiceTask {
    HellaSwag() {
        super("hellaswag", "hellaswag/validation.jsonl", 0, Metric.ACC, Metric.ACC_NORM);
    }

    @Override
    List<ChoiceItem> read(TaskData data) {
        List<ChoiceItem> items = new ArrayList<>();
        for (JsonFields line : data.objects(file())) {
            List<String> choices = line.texts("choices");
            items.add(ChoiceItem.of(items.size(), line.text("query"), choices, TaskData.gold(line, "gold", choices)));
        }
        return items;
    }
}
