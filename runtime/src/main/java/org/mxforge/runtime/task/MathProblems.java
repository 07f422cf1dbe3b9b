package org.mxforge.runtime.task;

import java.util.ArrayList;
import java.util.List;
import org.mxforge.runtime.base.json.JsonFields;

/**
 * Competition problems (MATH, by Hendrycks and others). {@code math/test.jsonl} has {@code problem} and {@code solution}, whose result is
 * boxed. An answer is what a model boxes last, or else what stands between its first and last dollar sign, as lm-evaluation-harness has it;
 * answers are compared as text that was made alike.
 */
final class MathProblems extends WrittenTask {
    MathProblems() {
        super("math", "math/test.jsonl", 0, 1024, Metric.EXACT_MATCH);
    }

    @Override
    List<WrittenItem> read(TaskData data) {
        List<WrittenItem> items = new ArrayList<>();
        for (JsonFields line : data.objects(file())) {
            if (MathText.boxed(line.text("solution")).isEmpty()) {
                throw line.bad("solution", "a solution with its result in \\boxed{}");
            }
            String problem = line.text("problem");
            items.add(new WrittenItem(
                    String.valueOf(items.size()),
                    "Problem: " + problem + "\nAnswer:",
                    problem + MathText.REQUEST,
                    "",
                    line));
        }
        return items;
    }

    @Override
    List<String> stops(boolean chat) {
        return List.of("Problem:");
    }

    @Override
    Grade grade(WrittenItem item, String answer, boolean chat, PythonJudge judge) {
        String gold = MathText.boxed(item.fields().text("solution")).orElseThrow();
        String found = MathText.boxed(answer).orElseGet(() -> MathText.inDollars(answer));
        return Grade.of(Metric.EXACT_MATCH, MathText.alike(found).equals(MathText.alike(gold)), found);
    }
}
