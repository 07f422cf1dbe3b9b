package org.mxforge.runtime.task;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Two or three items of each task, written for the tests in the forms that published ones have. */
public final class TaskFiles {
    private TaskFiles() {}

    /** Puts all of them into {@code folder}, and gives it back. */
    public static Path in(Path folder) {
        put(
                folder,
                "piqa/valid.jsonl",
                """
                {"goal": "How do you dry a wet towel?", "sol1": "Hang it in the sun. ", "sol2": "Put it in a lake."}
                {"goal": "To open a jar,", "sol1": "hit the table.", "sol2": "turn the lid."}
                """);
        put(folder, "piqa/valid-labels.lst", "0\n1\n");
        put(
                folder,
                "arc/arc_easy_test.jsonl",
                """
                {"id": "a", "question": "What is ice?", "choices": ["Water", "Iron", "Sand"], "gold": 0}
                {"id": "b", "question": "What do plants need?", "choices": ["Noise", "Light", "Money", "Salt"], "gold": 1}
                """);
        put(
                folder,
                "arc/arc_challenge_test.jsonl",
                """
                {"id": "c", "question": "What falls faster?", "choices": ["A stone", "A feather"], "gold": 0}
                """);
        put(
                folder,
                "boolq/validation.jsonl",
                """
                {"idx": 0, "passage": "Cats -- Cats are animals.", "question": "are cats animals", "label": 1}
                {"idx": 1, "passage": "Dogs -- Dogs cannot fly.", "question": "can dogs fly", "label": 0}
                """);
        put(
                folder,
                "winogrande/validation.jsonl",
                """
                {"sentence": "The cup fell off the table because _ was wet.", "option1": "the cup", "option2": "the table", "answer": "2"}
                {"sentence": "_ was late, so Ann waited for Bob. ", "option1": "Ann", "option2": "Bob", "answer": "2"}
                """);
        put(
                folder,
                "hellaswag/validation.jsonl",
                """
                {"id": 0, "query": "Cooking: A man peels an egg. He", "choices": ["eats it.", "flies off.", "paints.", "sings \\u00e9t\\u00e9."], "gold": 0}
                """);
        put(
                folder,
                "lambada/lambada_test.jsonl",
                """
                {"text": "He took the key and opened the\\n\\ndoor. It was a red door"}
                {"text": "She said goodbye. Then he too said\\ngoodbye"}
                """);
        put(folder, "mmlu/groups.json", "{\"stem\": [\"college_biology\"], \"other\": [\"law\"]}");
        StringBuilder examples = new StringBuilder();
        for (String subject : new String[] {"college_biology", "law"}) {
            for (int i = 0; i < 5; i++) {
                examples.append(question(subject, "Example " + i + "?", i % 4));
            }
        }
        put(folder, "mmlu/dev.jsonl", examples.toString());
        put(
                folder,
                "mmlu/test.jsonl",
                question("college_biology", " What is a cell? ", 2)
                        + question("law", "Who judges?", 0)
                        + question("law", "Who pleads?", 3));
        put(folder, "gsm8k/test.jsonl", "{\"question\": \"Two and two?\", \"answer\": \"2+2=4\\n#### 4\"}\n");
        put(
                folder,
                "math/test.jsonl",
                "{\"problem\": \"Halve $1$.\", \"solution\": \"It is $\\\\boxed{\\\\frac{1}{2}}$.\"}\n");
        put(folder, "cmath/test.jsonl", "{\"question\": \"2+2=?\", \"golden\": \"4\"}\n");
        put(
                folder,
                "humaneval/HumanEval.jsonl",
                """
                {"task_id": "HumanEval/0", "prompt": "def twice(x):\\n    \\"\\"\\"Doubles.\\"\\"\\"\\n", "entry_point": "twice", "test": "def check(f):\\n    assert f(2) == 4\\n"}
                """);
        put(
                folder,
                "mbpp/MbppPlus-v0.1.0.jsonl",
                """
                {"task_id": "Mbpp/1", "prompt": "\\"\\"\\"\\nDouble it.\\n\\"\\"\\"\\n", "entry_point": "twice", "canonical_solution": "def twice(x):\\n    return 2 * x\\n", "base_input": [[1], [2]], "plus_input": [[0.5], [Infinity]], "atol": 0}
                """);
        return folder;
    }

    private static String question(String subject, String question, int answer) {
        return "{\"subject\": \"" + subject + "\", \"question\": \"" + question
                + "\", \"choices\": [\"one\", \"two\", \"three\", \"four\"], \"answer\": " + answer + "}\n";
    }

    /** Writes one file. */
    public static void put(Path folder, String name, String text) {
        try {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
