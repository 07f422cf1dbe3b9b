package org.mxforge.runtime.task;

import java.util.ArrayList;
import java.util.List;
import org.mxforge.runtime.base.json.JsonFields;

/**
 * Yes or no questions about a passage, as SuperGLUE has them: {@code boolq/validation.jsonl} with {@code passage}, which begins with its
 * title, {@code question} without a question mark, and {@code label}, 1 for yes.
 */
final class BoolQ extends ChoiceTask {
    private static final List<String> ANSWERS = List.of("no", "yes");

    BoolQ() {
        super("boolq", "boolq/validation.jsonl", 0, Metric.ACC);
    }

    @Override
    List<ChoiceItem> read(TaskData data) {
        List<ChoiceItem> items = new ArrayList<>();
        for (JsonFields line : data.objects(file())) {
            items.add(ChoiceItem.of(
                    items.size(),
                    line.text("passage") + "\nQuestion: " + line.text("question") + "?\nAnswer:",
                    ANSWERS,
                    TaskData.gold(line, "label", ANSWERS)));
        }
        return items;
    }
}
