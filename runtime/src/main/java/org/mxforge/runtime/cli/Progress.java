package org.mxforge.runtime.cli;

import java.time.temporal.ChronoUnit;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** How far something that takes seconds has come. */
interface Progress extends AutoCloseable {
    /** Shows nothing. */
    Progress SILENT = amount -> {};

    /** {@code amount} more units are done. */
    void advance(long amount);

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
            public void advance(long amount) {
                bar.stepBy(amount);
            }

            @Override
            public void close() {
                bar.close();
            }
        };
    }
}
