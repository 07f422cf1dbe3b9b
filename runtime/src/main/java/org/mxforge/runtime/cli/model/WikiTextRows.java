package org.mxforge.runtime.cli.model;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * WikiText's raw file as one text, as GPTQ made it and others after it: its rows, lines with their line feed or nothing where they are blank,
 * joined by blank lines.
 */
final class WikiTextRows {
    private WikiTextRows() {}

    static String joined(String file) {
        return Arrays.stream(file.split("\n"))
                .map(line -> line.isBlank() ? "" : line + "\n")
                .collect(Collectors.joining("\n\n"));
    }
}
