package org.mxforge.runtime.task;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mxforge.runtime.base.json.JsonFields;

/**
 * Sums in words, in Chinese, of elementary schools. {@code cmath/test.jsonl} has {@code question} and {@code golden}, a number. An answer is
 * what a model boxes last, or else the last number that it writes.
 */
final class Cmath extends WrittenTask {
    private static final Pattern NUMBER = Pattern.compile("-?\\d[\\d,]*(?:\\.\\d+)?(?:/\\d+)?");

    Cmath() {
        super("cmath", "cmath/test.jsonl", 0, 512, Metric.EXACT_MATCH);
    }

    @Override
    List<WrittenItem> read(TaskData data) {
        List<WrittenItem> items = new ArrayList<>();
        for (JsonFields line : data.objects(file())) {
            if (number(line.text("golden")).isEmpty()) {
                throw line.bad("golden", "a text with a number");
            }
            String question = line.text("question");
            items.add(new WrittenItem(
                    String.valueOf(items.size()),
                    "\u95ee\u9898\uff1a" + question + "\n\u7b54\u6848\uff1a",
                    question + MathText.REQUEST,
                    "",
                    line));
        }
        return items;
    }

    @Override
    List<String> stops(boolean chat) {
        return List.of("\u95ee\u9898\uff1a");
    }

    @Override
    Grade grade(WrittenItem item, String answer, boolean chat, PythonJudge judge) {
        Optional<Double> gold = number(item.fields().text("golden"));
        Optional<Double> found = number(MathText.boxed(answer).orElse(answer));
        boolean right = found.isPresent() && Math.abs(found.get() - gold.orElseThrow()) < 1e-6;
        return Grade.of(Metric.EXACT_MATCH, right, found.map(String::valueOf).orElse("no number"));
    }

    /** The last one of a text. */
    private static Optional<Double> number(String text) {
        String last = null;
        for (Matcher number = NUMBER.matcher(text); number.find(); ) {
            last = number.group().replace(",", "");
        }
        if (last == null) {
            return Optional.empty();
        }
        String[] parts = last.split("/");
        double value = new BigDecimal(parts[0]).doubleValue();
        return Optional.of(parts.length == 1 ? value : value / new BigDecimal(parts[1]).doubleValue());
    }
}
