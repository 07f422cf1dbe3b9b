package org.mxforge.runtime.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.mxforge.runtime.base.MxForgeException;
import picocli.CommandLine.Option;

/** The option that keeps the lines of a benchmark. */
final class BenchOutput {
    @Option(names = "--csv", paramLabel = "FILE", description = "A file that does not exist yet, for the same lines.")
    private Path csv;

    /** Refuses, before anything is measured, a file that could not be written. */
    void check() {
        if (csv == null) {
            return;
        }
        if (Files.exists(csv)) {
            throw new MxForgeException("output file " + csv + " exists: choose a new one or remove it");
        }
        if (!Files.isDirectory(csv.toAbsolutePath().getParent())) {
            throw new MxForgeException("there is no folder for output file " + csv + ": make it first");
        }
    }

    void write(BenchReport report) {
        if (csv == null) {
            return;
        }
        try {
            Files.write(csv, report.csv());
        } catch (IOException e) {
            throw new MxForgeException("cannot write file " + csv + ": " + e.getMessage(), e);
        }
    }
}
