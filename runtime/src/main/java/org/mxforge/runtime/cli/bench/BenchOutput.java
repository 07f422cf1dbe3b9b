package org.mxforge.runtime.cli.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import org.mxforge.runtime.base.files.UserOutput;
import picocli.CommandLine.Option;

/** The option that keeps the lines of a benchmark. */
final class BenchOutput {
    @Option(names = "--csv", paramLabel = "FILE", description = "A file that does not exist yet, for the same lines.")
    private Path csv;

    /** Refuses, before anything is measured, a file that could not be written. */
    void check() {
        UserOutput.check(csv);
    }

    void write(BenchReport report) {
        if (csv != null) {
            UserOutput.file(csv, aside -> Files.write(aside, report.csv()));
        }
    }
}
