package org.mxforge.runtime.task;

import java.util.ArrayList;
import java.util.List;
import org.mxforge.runtime.base.json.JsonFields;

/**
 * Functions from their heads, as lm-evaluation-harness runs them. {@code humaneval/HumanEval.jsonl} has {@code task_id}, {@code prompt},
 * {@code entry_point} and {@code test}, a program that defines {@code check}.
 */
final class HumanEval extends ProgramTask {
    HumanEval() {
        super("humaneval", "humaneval/HumanEval.jsonl", 1024, Metric.PASS);
    }

    @Override
    List<WrittenItem> read(TaskData data) {
        List<WrittenItem> items = new ArrayList<>();
        for (JsonFields line : data.objects(file())) {
            line.text("test");
            line.text("entry_point");
            String prompt = line.text("prompt");
            items.add(new WrittenItem(line.text("task_id"), prompt, question(prompt), answerBegin(), line));
        }
        return items;
    }

    @Override
    List<String> stops(boolean chat) {
        return chat ? chatStops() : List.of("\nclass", "\ndef", "\n#", "\nif", "\nprint");
    }

    /** An answer in a chat has the head, too. */
    @Override
    Grade grade(WrittenItem item, String answer, boolean chat, PythonJudge judge) {
        String program = (chat ? "" : item.prompt()) + answer + "\n"
                + item.fields().text("test") + "\ncheck(" + item.fields().text("entry_point") + ")";
        PythonJudge.Verdict verdict = judge.run(program);
        return Grade.of(Metric.PASS, verdict.passed().get(0), verdict.verdict());
    }
}
