package org.mxforge.runtime.task;

import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.options.SchedulerOptions;

/**
 * How answers are written and judged: {@link #defaults()}, changed by the {@code with} methods.
 *
 * @param scheduling how many are written together
 * @param chat whether questions are put by the model's chat template
 * @param seconds that a program which a model wrote may run
 * @param memory bytes that it may take
 * @param judges programs that run together
 * @param unisolated whether programs may run where this system cannot cut them off from network, files and processes
 */
public record WritingOptions(
        SchedulerOptions scheduling, boolean chat, int seconds, long memory, int judges, boolean unisolated) {
    public WritingOptions {
        if (seconds < 1 || memory < 1 << 28 || judges < 1) {
            throw new MxForgeException("programs of " + seconds + " seconds and " + memory + " bytes, " + judges
                    + " together, cannot be judged: give at least a second, 256 MiB and one");
        }
    }

    /** No chat; programs have a minute and 4 GiB, one for each processor, and must be isolated. */
    public static WritingOptions defaults() {
        return new WritingOptions(
                SchedulerOptions.defaults(),
                false,
                60,
                4L << 30,
                Runtime.getRuntime().availableProcessors(),
                false);
    }

    public WritingOptions withScheduling(SchedulerOptions scheduling) {
        return new WritingOptions(scheduling, chat, seconds, memory, judges, unisolated);
    }

    public WritingOptions withChat(boolean chat) {
        return new WritingOptions(scheduling, chat, seconds, memory, judges, unisolated);
    }

    public WritingOptions withSeconds(int seconds) {
        return new WritingOptions(scheduling, chat, seconds, memory, judges, unisolated);
    }

    public WritingOptions withUnisolated(boolean unisolated) {
        return new WritingOptions(scheduling, chat, seconds, memory, judges, unisolated);
    }
}
