package org.mxforge.runtime.cli.console;

import java.nio.file.Path;
import org.mxforge.runtime.base.files.InputFile;

/** Text files that users name. */
public final class TextFile {
    /** Its tokens take about fifty times as much memory; scoring and calibration need a few megabytes of text. */
    private static final long LIMIT = 128L << 20;

    private TextFile() {}

    /** All of {@code file}, which must be UTF-8. */
    public static String read(Path file) {
        return new InputFile("text file", file).text(LIMIT);
    }
}
