package org.mxforge.runtime.task;

import java.util.List;

/** A task whose answers are programs in Python. */
abstract sealed class ProgramTask extends WrittenTask permits HumanEval, PlusPrograms {
    private static final String ASKED =
            "Please provide a self-contained Python script that solves the following problem in a markdown code block:";
    private static final String ANSWERED =
            "Below is a Python script with a self-contained function that solves the problem and passes corresponding"
                    + " tests:";

    ProgramTask(String name, String file, int tokens, Metric... metrics) {
        super(name, file, 0, tokens, metrics);
    }

    /** As EvalPlus puts it in a chat. */
    static String question(String prompt) {
        return ASKED + "\n```\n" + PythonText.strip(prompt) + "\n```\n";
    }

    static String answerBegin() {
        return ANSWERED + "\n```python\n";
    }

    /** What ends a program in a chat. */
    static List<String> chatStops() {
        return List.of("\nif __name__", "\ndef main(", "\nprint(", "\n```");
    }

    @Override
    final boolean needsPython() {
        return true;
    }
}
