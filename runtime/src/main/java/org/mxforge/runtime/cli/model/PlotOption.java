package org.mxforge.runtime.cli.model;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.mxforge.runtime.base.files.UserOutput;
import picocli.CommandLine.Option;

/** The option that draws a comparison. */
final class PlotOption {
    @Option(
            names = "--plot",
            paramLabel = "FILE.svg",
            description = "Draw perplexity over bits of a weight; a file that does not exist yet.")
    private Path plot;

    /** Refuses, before anything runs, a file that could not be written. */
    void check() {
        UserOutput.check(plot);
    }

    void write(List<Compared> results, String title) {
        if (plot != null) {
            UserOutput.file(plot, aside -> Files.writeString(aside, new ComparisonPlot(results, title).svg()));
        }
    }
}
