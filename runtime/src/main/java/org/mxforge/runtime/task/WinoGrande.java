package org.mxforge.runtime.task;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.mxforge.runtime.base.json.JsonFields;

/**
 * Whom a sentence means. {@code winogrande/validation.jsonl} has {@code sentence} with a gap {@code _}, {@code option1} and {@code option2}
 * for it, and {@code answer}, 1 or 2. What is scored is the rest of the sentence, after each option.
 */
final class WinoGrande extends ChoiceTask {
    private static final String GAP = "_";

    WinoGrande() {
        super("winogrande", "winogrande/validation.jsonl", 0, Metric.ACC);
    }

    @Override
    List<ChoiceItem> read(TaskData data) {
        List<ChoiceItem> items = new ArrayList<>();
        for (JsonFields line : data.objects(file())) {
            items.add(item(items.size(), line));
        }
        return items;
    }

    private static ChoiceItem item(int id, JsonFields line) {
        String sentence = line.text("sentence");
        int gap = sentence.indexOf(GAP);
        String answer = line.text("answer");
        if (gap < 0) {
            throw line.bad("sentence", "a sentence with a gap " + GAP);
        }
        if (!answer.equals("1") && !answer.equals("2")) {
            throw line.bad("answer", "\"1\" or \"2\"");
        }
        String rest = PythonText.strip(sentence.substring(gap + GAP.length()));
        return new ChoiceItem(
                String.valueOf(id),
                List.of(),
                Stream.of("option1", "option2")
                        .map(option -> new ChoiceItem.Choice(
                                sentence.substring(0, gap) + line.text(option), " " + rest, PythonText.length(rest)))
                        .toList(),
                Integer.parseInt(answer) - 1);
    }
}
