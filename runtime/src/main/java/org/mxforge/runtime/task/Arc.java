package org.mxforge.runtime.task;

import java.util.ArrayList;
import java.util.List;
import org.mxforge.runtime.base.json.JsonFields;

/**
 * Science questions from schools, {@code arc_challenge} or {@code arc_easy}. {@code arc/NAME_test.jsonl} has {@code question},
 * {@code choices} and {@code gold}, the number of the right one from 0.
 */
final class Arc extends ChoiceTask {
    Arc(String name) {
        super(name, "arc/" + name + "_test.jsonl", 0, Metric.ACC, Metric.ACC_NORM);
    }

    @Override
    List<ChoiceItem> read(TaskData data) {
        List<ChoiceItem> items = new ArrayList<>();
        for (JsonFields line : data.objects(file())) {
            List<String> choices = line.texts("choices");
            items.add(ChoiceItem.of(
                    items.size(),
                    "Question: " + line.text("question") + "\nAnswer:",
                    choices,
                    TaskData.gold(line, "gold", choices)));
        }
        return items;
    }
}
