package org.mxforge.runtime.cli;

import java.time.temporal.ChronoUnit;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** How far something that takes seconds has come. */
interface Progress extends AutoCloseable {
    /** Shows nothing. */
    Progress SILENT = new Progress() {};

    /** {@code done} units are done in all. */
    default void reach(long done) {}

    /** {@code more} units are done beside those before. */
    default void advance(long more) {}

    @Override
    default void close() {}

    /** A bar on standard error with rate and time left. */
    static Progress bar(String task, String unit, long total) {
        ProgressBar bar = new ProgressBarBuilder()
                .setTaskName(task)
                .setUnit(" " + unit, 1)
                .setInitialMax(total)
                .setUpdateIntervalMillis(200)
                .setStyle(ProgressBarStyle.ASCII)
                .setConsumer(new ConsoleProgressBarConsumer(System.err))
                .clearDisplayOnFinish()
                .showSpeed()
                .setSpeedUnit(ChronoUnit.SECONDS)
                .build();
        return new Progress() {
            @Override
            public void reach(long done) {
                bar.stepTo(done);
            }

            @Override
            public void advance(long more) {
                bar.stepBy(more);
            }

            @Override
            public void close() {
                bar.close();
            }
        };
    }
}
