package org.mxforge.runtime.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mxforge.runtime.base.MxForgeException;

/** Prompts, and what counts as right. */
class WrittenTaskTest {
    @TempDir
    Path folder;

    private WrittenItem first(WrittenTask task) {
        return task.read(new TaskData(TaskFiles.in(folder))).get(0);
    }

    @Test
    void promptsAreThoseOfTheHarness() {
        assertThat(first(new Gsm8k()).prompt()).isEqualTo("Question: Two and two?\nAnswer:");
        assertThat(new Gsm8k().shots(new TaskData(folder))).isZero();
        TaskFiles.put(folder, "gsm8k/train.jsonl", "{\"question\": \"One?\", \"answer\": \"So\\n#### 1\"}\n".repeat(6));
        assertThat(new Gsm8k().shots(new TaskData(folder))).isEqualTo(5);
        assertThat(first(new Gsm8k()).prompt())
                .isEqualTo("Question: One?\nAnswer: So\n#### 1\n\n".repeat(5) + "Question: Two and two?\nAnswer:");
        assertThat(first(new MathProblems()).prompt()).isEqualTo("Problem: Halve $1$.\nAnswer:");
        assertThat(first(new HumanEval()).prompt()).isEqualTo("def twice(x):\n    \"\"\"Doubles.\"\"\"\n");
        assertThat(first(PlusPrograms.mbpp()).prompt()).isEqualTo("\"\"\"\nDouble it.\n\"\"\"\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "so it is 1,234. #### 1234 | 1 | 1",
                "The answer is $1,234. | 0 | 1",
                "#### 7 and then 1234 | 0 | 1",
                "so #### 1,234.\\n#### 9 | 1 | 0",
                "none | 0 | 0",
            })
    void numbersCountWhereTheyStand(String answer, double strict, double flexible) {
        TaskFiles.put(folder, "gsm8k/test.jsonl", "{\"question\": \"a\", \"answer\": \"b\\n#### 1,234\"}\n");
        Gsm8k task = new Gsm8k();
        WrittenItem item = task.read(new TaskData(folder)).get(0);
        assertThat(task.grade(item, answer.replace("\\n", "\n"), false, null).values())
                .isEqualTo(Map.of(Metric.STRICT_MATCH, strict, Metric.FLEXIBLE_EXTRACT, flexible));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "It is $\\frac12$.;1",
                "so \\boxed{\\dfrac{1}{2}}, not \\boxed{1/2};1",
                "$0.5$;1",
                "x is $x=1/2$;1",
                "\\boxed{\\frac{1}{2}\\text{ metres}};1",
                "\\boxed{2};0",
                "half;0",
            })
    void resultsAreAlikeHoweverTheyAreWritten(String answer, double right) {
        MathProblems task = new MathProblems();
        assertThat(task.grade(first(task), answer, false, null).values()).isEqualTo(Map.of(Metric.EXACT_MATCH, right));
    }

    @ParameterizedTest
    @CsvSource({"\u7b54\u6848\u662f 4 \u4e2a,1", "\\boxed{4.0},1", "8/2,1", "4 \u6216 5,0", "\u56db,0"})
    void lastNumberIsTheResult(String answer, double right) {
        Cmath task = new Cmath();
        assertThat(task.grade(first(task), answer, false, null).values()).isEqualTo(Map.of(Metric.EXACT_MATCH, right));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gsm8k/test.jsonl | {\"question\": \"a\", \"answer\": \"4\"} | number after ####",
                "math/test.jsonl | {\"problem\": \"a\", \"solution\": \"4\"} | \\boxed{}",
                "cmath/test.jsonl | {\"question\": \"a\", \"golden\": \"b\"} | a text with a number",
                "humaneval/HumanEval.jsonl | {\"task_id\": \"a\", \"prompt\": \"b\"} | lacks test",
                "mbpp/MbppPlus-v0.1.0.jsonl | {\"task_id\": \"Mbpp/2\", \"prompt\": \"b\", \"entry_point\": \"f\","
                        + " \"canonical_solution\": \"c\", \"base_input\": 3} | base_input is 3, not a list",
            })
    void filesOfAnotherFormAreRefused(String file, String content, String sentence) {
        TaskFiles.in(folder);
        TaskFiles.put(folder, file, content + "\n");
        TaskData data = new TaskData(folder);
        List<WrittenTask> tasks =
                List.of(new Gsm8k(), new MathProblems(), new Cmath(), new HumanEval(), PlusPrograms.mbpp());
        assertThatThrownBy(() -> tasks.forEach(task -> task.read(data)))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining(sentence);
    }
}
