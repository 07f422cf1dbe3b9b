package org.mxforge.runtime.task;

import java.util.ArrayList;
import java.util.List;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.json.JsonFields;

/**
 * Physical common sense: which of two ways leads to a goal. {@code piqa/valid.jsonl} has {@code goal}, {@code sol1} and {@code sol2},
 * {@code piqa/valid-labels.lst} in each line 0 or 1.
 */
final class Piqa extends ChoiceTask {
    private static final String LABELS = "piqa/valid-labels.lst";

    Piqa() {
        super("piqa", "piqa/valid.jsonl", 0, Metric.ACC, Metric.ACC_NORM);
    }

    @Override
    List<ChoiceItem> read(TaskData data) {
        List<JsonFields> lines = data.objects(file());
        List<String> labels = data.text(LABELS).lines().map(String::strip).toList();
        if (labels.size() != lines.size() || !labels.stream().allMatch(label -> label.matches("[01]"))) {
            throw new MxForgeException(LABELS + " has " + labels.size() + " lines for the " + lines.size()
                    + " items of " + file() + ", or others than 0 and 1: take both from one release");
        }
        List<ChoiceItem> items = new ArrayList<>();
        for (JsonFields line : lines) {
            int id = items.size();
            items.add(ChoiceItem.of(
                    id,
                    "Question: " + line.text("goal") + "\nAnswer:",
                    List.of(line.text("sol1"), line.text("sol2")),
                    Integer.parseInt(labels.get(id))));
        }
        return items;
    }
}
