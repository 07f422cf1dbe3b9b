package org.mxforge.runtime.task;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mxforge.runtime.base.json.JsonFields;

/**
 * Sums in words. {@code gsm8k/test.jsonl} has {@code question} and {@code answer}, whose number follows {@code ####}. Examples are the first
 * five of {@code gsm8k/train.jsonl}, of the same form, if that is there (lm-evaluation-harness draws five); a chat has none.
 */
final class Gsm8k extends WrittenTask {
    private static final String EXAMPLES = "gsm8k/train.jsonl";
    private static final int SHOTS = 5;
    private static final Pattern STRICT = Pattern.compile("#### (-?[0-9.,]+)");
    private static final Pattern NUMBER = Pattern.compile("-?[$0-9.,]{2,}|-?[0-9]+");

    /** What does not count, in this order. */
    private static final Pattern[] IGNORED = {
        Pattern.compile(","), Pattern.compile("\\$"), Pattern.compile("(?s).*#### "), Pattern.compile("\\.$")
    };

    Gsm8k() {
        super("gsm8k", "gsm8k/test.jsonl", SHOTS, 256, Metric.STRICT_MATCH, Metric.FLEXIBLE_EXTRACT);
    }

    @Override
    List<WrittenItem> read(TaskData data) {
        StringBuilder examples = new StringBuilder();
        List<JsonFields> lines = data.has(EXAMPLES) ? data.objects(EXAMPLES) : List.of();
        for (JsonFields line : lines.subList(0, Math.min(SHOTS, lines.size()))) {
            examples.append(prompt(line))
                    .append(' ')
                    .append(line.text("answer"))
                    .append("\n\n");
        }
        List<WrittenItem> items = new ArrayList<>();
        for (JsonFields line : data.objects(file())) {
            if (!STRICT.matcher(line.text("answer")).find()) {
                throw line.bad("answer", "a solution with its number after ####");
            }
            items.add(new WrittenItem(
                    String.valueOf(items.size()),
                    examples + prompt(line),
                    line.text("question") + MathText.REQUEST,
                    "",
                    line));
        }
        return items;
    }

    @Override
    int shots(TaskData data) {
        return data.has(EXAMPLES) ? SHOTS : 0;
    }

    private static String prompt(JsonFields line) {
        return "Question: " + line.text("question") + "\nAnswer:";
    }

    @Override
    List<String> stops(boolean chat) {
        return List.of("Question:", "</s>", "<|im_end|>");
    }

    @Override
    Grade grade(WrittenItem item, String answer, boolean chat, PythonJudge judge) {
        String gold = counted(item.fields().text("answer"));
        Matcher strict = STRICT.matcher(answer);
        boolean isStrict = strict.find() && counted(strict.group(1)).equals(gold);
        String last = "";
        for (Matcher number = NUMBER.matcher(answer); number.find(); ) {
            last = number.group();
        }
        boolean isFound = counted(last).equals(gold);
        return new Grade(
                Map.of(Metric.STRICT_MATCH, isStrict ? 1.0 : 0.0, Metric.FLEXIBLE_EXTRACT, isFound ? 1.0 : 0.0),
                last.isEmpty() ? "no number" : last);
    }

    private static String counted(String text) {
        String counted = text;
        for (Pattern ignored : IGNORED) {
            counted = ignored.matcher(counted).replaceAll("");
        }
        return counted.toLowerCase(Locale.ROOT);
    }
}
