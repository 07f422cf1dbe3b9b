package org.mxforge.runtime.task;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.json.JsonFields;

/**
 * Questions of 57 subjects after five examples. {@code mmlu/test.jsonl} and {@code mmlu/dev.jsonl}, which has the examples, have
 * {@code subject}, {@code question}, four {@code choices} and {@code answer}, the number of the right one; {@code mmlu/groups.json} lists the
 * subjects of each group.
 */
final class Mmlu extends ChoiceTask {
    private static final String EXAMPLES = "mmlu/dev.jsonl";
    private static final String GROUPS = "mmlu/groups.json";
    private static final int SHOTS = 5;
    private static final List<String> LETTERS = List.of("A", "B", "C", "D");

    Mmlu() {
        super("mmlu", "mmlu/test.jsonl", SHOTS, Metric.ACC);
    }

    @Override
    List<ChoiceItem> read(TaskData data) {
        Map<String, String> groups = groups(data);
        Map<String, List<String>> examples = new HashMap<>();
        for (JsonFields line : data.objects(EXAMPLES)) {
            examples.computeIfAbsent(line.text("subject"), subject -> new ArrayList<>())
                    .add(prompt(line) + " " + LETTERS.get(answer(line)) + "\n\n");
        }
        List<ChoiceItem> items = new ArrayList<>();
        for (JsonFields line : data.objects(file())) {
            String subject = line.text("subject");
            List<String> shots = examples.getOrDefault(subject, List.of());
            if (shots.size() < SHOTS || !groups.containsKey(subject)) {
                throw new MxForgeException(line.where() + ": subject " + subject + " has " + shots.size()
                        + " examples in " + EXAMPLES + ", and needs " + SHOTS + " and a group in " + GROUPS
                        + ": take all files from one release");
            }
            String context = "The following are multiple choice questions (with answers) about "
                    + subject.replace('_', ' ') + ".\n\n" + String.join("", shots.subList(0, SHOTS)) + prompt(line);
            items.add(ChoiceItem.of(items.size(), context, LETTERS, answer(line))
                    .in(List.of(name() + "_" + groups.get(subject), name() + "_" + subject)));
        }
        return items;
    }

    /** The group of each subject. */
    private static Map<String, String> groups(TaskData data) {
        Map<String, String> groups = new HashMap<>();
        JsonFields file = data.object(GROUPS);
        for (Iterator<String> names = file.object().fieldNames(); names.hasNext(); ) {
            String group = names.next();
            file.texts(group).forEach(subject -> groups.put(subject, group));
        }
        return groups;
    }

    private static String prompt(JsonFields line) {
        List<String> choices = line.texts("choices");
        if (choices.size() != LETTERS.size()) {
            throw line.bad("choices", "four texts");
        }
        StringBuilder prompt = new StringBuilder(PythonText.strip(line.text("question")));
        for (int i = 0; i < choices.size(); i++) {
            prompt.append('\n').append(LETTERS.get(i)).append(". ").append(choices.get(i));
        }
        return prompt.append("\nAnswer:").toString();
    }

    private static int answer(JsonFields line) {
        return line.integer("answer", 0, LETTERS.size() - 1);
    }
}
