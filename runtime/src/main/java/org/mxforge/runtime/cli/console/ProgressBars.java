package org.mxforge.runtime.cli.console;

import java.time.temporal.ChronoUnit;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.mxforge.runtime.base.Progress;

/** Shows work as bars on standard error with rate and time left, where that is a terminal, so that piped output stays clean. */
record ProgressBars(Console console) implements Progress {
    @Override
    public Task begin(String task, String unit, long total) {
        return console.json() || !Terminal.showsStandardError() ? steps -> {} : bar(task, unit, total);
    }

    @Override
    public void warning(String sentence) {
        console.warning(sentence);
    }

    private static Task bar(String task, String unit, long total) {
        TerminalNatives.provide();
        ProgressBar bar = new ProgressBarBuilder()
                .setTaskName(Printable.cell(task))
                .setUnit(" " + unit, 1)
                .setInitialMax(total)
                .setUpdateIntervalMillis(200)
                .setStyle(ProgressBarStyle.ASCII)
                .setConsumer(new ConsoleProgressBarConsumer(System.err))
                .clearDisplayOnFinish()
                .showSpeed()
                .setSpeedUnit(ChronoUnit.SECONDS)
                .build();
        return new Task() {
            @Override
            public void advance(long units) {
                bar.stepBy(units);
            }

            @Override
            public void close() {
                bar.close();
            }
        };
    }
}
