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
import org.mxforge.runtime.Continuation;
import org.mxforge.runtime.base.MxForgeException;

/** Prompts, choices and scores, character by character. */
class ChoiceTaskTest {
    @TempDir
    Path folder;

    private List<ChoiceItem> items(ChoiceTask task) {
        return task.read(new TaskData(TaskFiles.in(folder)));
    }

    private static ChoiceItem.Choice choice(String context, String continuation, int length) {
        return new ChoiceItem.Choice(context, continuation, length);
    }

    @Test
    void questionsHaveTheirAnswers() {
        assertThat(items(new Piqa()))
                .containsExactly(
                        new ChoiceItem(
                                "0",
                                List.of(),
                                List.of(
                                        choice(
                                                "Question: How do you dry a wet towel?\nAnswer:",
                                                " Hang it in the sun. ",
                                                20),
                                        choice(
                                                "Question: How do you dry a wet towel?\nAnswer:",
                                                " Put it in a lake.",
                                                17)),
                                0),
                        new ChoiceItem(
                                "1",
                                List.of(),
                                List.of(
                                        choice("Question: To open a jar,\nAnswer:", " hit the table.", 14),
                                        choice("Question: To open a jar,\nAnswer:", " turn the lid.", 13)),
                                1));
        assertThat(items(new Arc("arc_easy")).get(0).choices())
                .containsExactly(
                        choice("Question: What is ice?\nAnswer:", " Water", 5),
                        choice("Question: What is ice?\nAnswer:", " Iron", 4),
                        choice("Question: What is ice?\nAnswer:", " Sand", 4));
        assertThat(items(new BoolQ()).get(0))
                .isEqualTo(new ChoiceItem(
                        "0",
                        List.of(),
                        List.of(
                                choice("Cats -- Cats are animals.\nQuestion: are cats animals?\nAnswer:", " no", 2),
                                choice("Cats -- Cats are animals.\nQuestion: are cats animals?\nAnswer:", " yes", 3)),
                        1));
        assertThat(items(new HellaSwag()).get(0).choices().get(3))
                .isEqualTo(choice("Cooking: A man peels an egg. He", " sings \u00e9t\u00e9.", 10));
    }

    @Test
    void sentencesAreScoredAfterTheirGap() {
        assertThat(items(new WinoGrande()))
                .containsExactly(
                        new ChoiceItem(
                                "0",
                                List.of(),
                                List.of(
                                        choice("The cup fell off the table because the cup", " was wet.", 8),
                                        choice("The cup fell off the table because the table", " was wet.", 8)),
                                1),
                        new ChoiceItem(
                                "1",
                                List.of(),
                                List.of(
                                        choice("Ann", " was late, so Ann waited for Bob.", 32),
                                        choice("Bob", " was late, so Ann waited for Bob.", 32)),
                                1));
    }

    /** A line feed does not end a word. */
    @Test
    void lastWordIsWhatFollowsTheLastSpace() {
        assertThat(items(new Lambada()).stream().flatMap(item -> item.choices().stream()))
                .containsExactly(
                        choice("He took the key and opened the\n\ndoor. It was a red", " door", 4),
                        choice("She said goodbye. Then he too", " said\ngoodbye", 12));
    }

    @Test
    void mmluHasFiveExamplesOfItsSubject() {
        ChoiceItem item = items(new Mmlu()).get(0);
        StringBuilder context = new StringBuilder(
                "The following are multiple choice questions (with answers) about college biology.\n\n");
        for (int i = 0; i < 5; i++) {
            context.append("Example ").append(i).append("?\nA. one\nB. two\nC. three\nD. four\nAnswer: ");
            context.append("ABCD".charAt(i % 4)).append("\n\n");
        }
        context.append("What is a cell?\nA. one\nB. two\nC. three\nD. four\nAnswer:");
        assertThat(item.choices().get(1)).isEqualTo(choice(context.toString(), " B", 1));
        assertThat(item.groups()).containsExactly("mmlu_stem", "mmlu_college_biology");
        assertThat(item.gold()).isEqualTo(2);
    }

    @Test
    void likeliestChoiceCountsAlsoPerCharacter() {
        ChoiceItem item = ChoiceItem.of(0, "Q", List.of("a", "bbbb", "cc"), 1);
        assertThat(item.accuracy(List.of(score(-3), score(-4), score(-3)))).containsEntry(Metric.ACC, 0.0);
        assertThat(item.accuracy(List.of(score(-3), score(-4), score(-3)))).containsEntry(Metric.ACC_NORM, 1.0);
        ChoiceItem first = ChoiceItem.of(0, "Q", List.of("a", "b"), 0);
        assertThat(first.accuracy(List.of(score(-2), score(-2)))).containsEntry(Metric.ACC, 1.0);
        ChoiceItem second = ChoiceItem.of(0, "Q", List.of("a", "b"), 1);
        assertThat(second.accuracy(List.of(score(-2), score(-2)))).containsEntry(Metric.ACC, 0.0);
    }

    private static Continuation.Score score(double logLikelihood) {
        return new Continuation.Score(logLikelihood, false);
    }

    @Test
    void lastWordMustBeWhatGreedyDecodingWrites() {
        ChoiceItem item = items(new Lambada()).get(0);
        assertThat(new Lambada().values(item, List.of(new Continuation.Score(-1.5, true))))
                .isEqualTo(Map.of(Metric.ACC, 1.0, Metric.PERPLEXITY, -1.5));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "arc/arc_easy_test.jsonl | {\"question\": \"a\", \"choices\": [\"b\", \"c\"], \"gold\": 2}"
                        + " | line 1: gold is 2, not a whole number from 0 to 1",
                "arc/arc_easy_test.jsonl | {\"question\": \"a\", \"choices\": [\"b\"], \"gold\": 0}"
                        + " | line 1: choices is [\"b\"], not two texts or more",
                "arc/arc_easy_test.jsonl | question,answer | line 1 is not valid JSON",
                "arc/arc_easy_test.jsonl | '' | has no item",
                "boolq/validation.jsonl | {\"passage\": \"a\", \"question\": \"b\", \"label\": true} | label is true",
                "winogrande/validation.jsonl | {\"sentence\": \"a\", \"option1\": \"b\", \"option2\": \"c\","
                        + " \"answer\": \"1\"} | not a sentence with a gap _",
                "lambada/lambada_test.jsonl | {\"text\": \"word\"} | not a passage of several words",
                "piqa/valid-labels.lst | 0 | has 1 lines for the 2 items",
                "mmlu/dev.jsonl | {\"subject\": \"law\", \"question\": \"a\", \"choices\": [\"b\", \"c\", \"d\","
                        + " \"e\"], \"answer\": 1} | has 0 examples in mmlu/dev.jsonl, and needs 5",
                "mmlu/test.jsonl | {\"subject\": \"law\", \"question\": \"a\", \"choices\": [\"b\"], \"answer\": 0}"
                        + " | not four texts",
            })
    void filesOfAnotherFormAreRefused(String file, String content, String sentence) {
        TaskFiles.in(folder);
        TaskFiles.put(folder, file, content + "\n");
        TaskData data = new TaskData(folder);
        assertThatThrownBy(() -> Task.choices().stream()
                        .filter(task -> !file.startsWith("arc") || task.name().equals("arc_easy"))
                        .forEach(task -> ((ChoiceTask) task).read(data)))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining(sentence);
    }

    @Test
    void missingFilesAndUnknownTasksAreNamed() {
        TaskData data = new TaskData(folder);
        assertThatThrownBy(() -> new HellaSwag().read(data))
                .hasMessageContaining("there is no data file")
                .hasMessageContaining("hellaswag/validation.jsonl");
        assertThatThrownBy(() -> Task.named(List.of("piqua"), Task.choices()))
                .hasMessageContaining("unknown task 'piqua' (did you mean piqa?)");
        Path none = folder.resolve("none");
        assertThatThrownBy(() -> new TaskData(none)).hasMessageContaining("there is no folder");
    }
}
