package org.mxforge.runtime.task;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.mxforge.runtime.Continuation;
import org.mxforge.runtime.base.json.JsonFields;

/** The last word of a passage, in OpenAI's version: {@code lambada/lambada_test.jsonl} with {@code text}. */
final class Lambada extends ChoiceTask {
    Lambada() {
        super("lambada_openai", "lambada/lambada_test.jsonl", 0, Metric.PERPLEXITY, Metric.ACC);
    }

    @Override
    List<ChoiceItem> read(TaskData data) {
        List<ChoiceItem> items = new ArrayList<>();
        for (JsonFields line : data.objects(file())) {
            String text = line.text("text");
            // At single spaces: a piece with a line feed in it is one word.
            int space = text.lastIndexOf(' ');
            if (space <= 0) {
                throw line.bad("text", "a passage of several words");
            }
            items.add(ChoiceItem.of(items.size(), text.substring(0, space), List.of(text.substring(space + 1)), 0));
        }
        return items;
    }

    @Override
    Map<Metric, Double> values(ChoiceItem item, List<Continuation.Score> scores) {
        Continuation.Score score = scores.get(0);
        return Map.of(Metric.PERPLEXITY, score.logLikelihood(), Metric.ACC, score.greedy() ? 1.0 : 0.0);
    }
}
