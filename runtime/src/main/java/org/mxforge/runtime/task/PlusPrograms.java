package org.mxforge.runtime.task;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.mxforge.runtime.base.json.JsonFields;

/**
 * Functions as EvalPlus tests them: its prompts, its way to cut a program out of an answer, the inputs of HumanEval or MBPP
 * ({@code base}) and its many more ({@code plus}), results compared with those of the right solution. Files are EvalPlus's, with
 * {@code task_id}, {@code prompt}, {@code entry_point}, {@code canonical_solution}, {@code base_input}, {@code plus_input} and
 * {@code atol}.
 */
final class PlusPrograms extends ProgramTask {
    private static final List<String> SUITES = List.of("base_input", "plus_input");
    private static final List<String> ENDS =
            List.of("<|endoftext|>", "<|endofmask|>", "</s>", "\nif __name__", "\ndef main(", "\nprint(");

    private final boolean isHeadGiven;
    private final List<String> furtherEnds;

    private PlusPrograms(String name, String file, boolean isHeadGiven, String... furtherEnds) {
        super(name, file, 768, Metric.PASS_BASE, Metric.PASS_PLUS);
        this.isHeadGiven = isHeadGiven;
        this.furtherEnds = List.of(furtherEnds);
    }

    static PlusPrograms humanEval() {
        return new PlusPrograms(
                "humaneval_plus",
                "humaneval/HumanEvalPlus-v0.1.10.jsonl.gz",
                true,
                "\ndef ",
                "\nclass ",
                "\nimport ",
                "\nfrom ",
                "\nassert ");
    }

    static PlusPrograms mbpp() {
        return new PlusPrograms("mbpp_plus", "mbpp/MbppPlus-v0.1.0.jsonl", false, "\n\"\"\"", "\nassert");
    }

    @Override
    List<WrittenItem> read(TaskData data) {
        List<WrittenItem> items = new ArrayList<>();
        for (JsonFields line : data.objects(file())) {
            line.text("entry_point");
            line.text("canonical_solution");
            for (String suite : SUITES) {
                // An empty object where there are none.
                if (!line.object().path(suite).isContainerNode()) {
                    throw line.bad(suite, "a list of arguments");
                }
            }
            if (!line.object().path("atol").isNumber()) {
                throw line.bad("atol", "a number");
            }
            String prompt = PythonText.strip(line.text("prompt")) + "\n";
            items.add(new WrittenItem(line.text("task_id"), prompt, question(prompt), answerBegin(), line));
        }
        return items;
    }

    @Override
    List<String> stops(boolean chat) {
        List<String> stops = new ArrayList<>(ENDS);
        stops.addAll(chat ? List.of("\n```\n") : furtherEnds);
        return stops;
    }

    @Override
    Grade grade(WrittenItem item, String answer, boolean chat, PythonJudge judge) {
        String program = (chat ? "" : item.prompt()) + answer.replace("\t", "    ");
        String solution = (isHeadGiven ? item.fields().text("prompt") : "")
                + item.fields().text("canonical_solution");
        PythonJudge.Verdict verdict = judge.compare(item.fields(), program, solution, SUITES);
        return new Grade(
                Map.of(
                        Metric.PASS_BASE, verdict.passed().get(0) ? 1.0 : 0.0,
                        Metric.PASS_PLUS, verdict.passed().get(1) ? 1.0 : 0.0),
                verdict.verdict());
    }
}
