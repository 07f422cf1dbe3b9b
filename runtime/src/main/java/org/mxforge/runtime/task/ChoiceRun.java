package org.mxforge.runtime.task;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.mxforge.runtime.Continuation;
import org.mxforge.runtime.Model;
import org.mxforge.runtime.ModelFolder;
import org.mxforge.runtime.base.Progress;

/** Scores the choices of a task's items. */
record ChoiceRun(ChoiceTask task, List<ChoiceItem> items, ModelFolder folder) implements TaskRun {
    @Override
    public int shots() {
        return task.shots();
    }

    @Override
    public List<String> ids(int limit) {
        Map<List<String>, Integer> taken = new HashMap<>();
        return items.stream()
                .filter(item -> taken.merge(item.groups(), 1, Integer::sum) <= limit)
                .map(ChoiceItem::id)
                .toList();
    }

    @Override
    public void run(Model model, Set<String> wanted, Progress progress, Consumer<Outcome> outcomes) {
        PairEncoder encoder = new PairEncoder(folder);
        List<ChoiceItem> asked =
                items.stream().filter(item -> wanted.contains(item.id())).toList();
        List<List<Continuation>> groups =
                asked.stream().map(item -> item.encoded(encoder)).toList();
        model.score(groups, (group, scores) -> outcomes.accept(outcome(asked.get(group), scores)));
    }

    private Outcome outcome(ChoiceItem item, List<Continuation.Score> scores) {
        Map<Metric, Double> values = new EnumMap<>(task.values(item, scores));
        values.keySet().retainAll(task.metrics());
        ObjectNode evidence = JsonNodeFactory.instance.objectNode();
        ArrayNode likelihoods = evidence.putArray("log_likelihoods");
        scores.forEach(score -> likelihoods.add(score.logLikelihood()));
        return new Outcome(task.name(), item.id(), item.groups(), values, evidence);
    }
}
