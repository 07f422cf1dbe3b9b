package org.mxforge.runtime.task;

import java.util.List;
import java.util.Map;
import org.mxforge.runtime.ModelFolder;
import org.mxforge.runtime.base.options.GenerationOptions;

/** A task whose answers a model writes, greedily. */
abstract sealed class WrittenTask extends Task permits Gsm8k, MathProblems, Cmath, ProgramTask {
    /** Answers in chats come after long thoughts. */
    private static final int CHAT_TOKENS = 1024;

    private final int tokens;

    /** @param tokens most of an answer */
    WrittenTask(String name, String file, int shots, int tokens, Metric... metrics) {
        super(name, file, shots, metrics);
        this.tokens = tokens;
    }

    /**
     * What came of an answer.
     *
     * @param values for each of the task's metrics
     * @param verdict in words
     */
    record Grade(Map<Metric, Double> values, String verdict) {
        /** Of a metric that is met or not. */
        static Grade of(Metric metric, boolean right, String verdict) {
            return new Grade(Map.of(metric, right ? 1.0 : 0.0), verdict);
        }
    }

    /** All items, in the order of the file. */
    abstract List<WrittenItem> read(TaskData data);

    /** Texts that end an answer, in a chat or outside of one. */
    abstract List<String> stops(boolean chat);

    /**
     * Says whether {@code answer} is right; from any thread.
     *
     * @param chat whether it was given in a chat
     * @param judge runs programs
     */
    abstract Grade grade(WrittenItem item, String answer, boolean chat, PythonJudge judge);

    /** Whether answers are programs, which must be run. */
    boolean needsPython() {
        return false;
    }

    /** Examples in prompts that are made of {@code data}. */
    int shots(TaskData data) {
        return shots();
    }

    final GenerationOptions generation(boolean chat) {
        return GenerationOptions.greedy(chat ? Math.max(tokens, CHAT_TOKENS) : tokens)
                .withStops(stops(chat));
    }

    @Override
    final TaskRun open(TaskData data, ModelFolder folder, WritingOptions writing, PythonJudge.Finder python) {
        List<WrittenItem> items = read(data);
        int shots = writing.chat() ? 0 : shots(data);
        return new WrittenRun(this, items, shots, folder, writing, needsPython() ? python.get() : null);
    }
}
