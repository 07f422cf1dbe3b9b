package org.mxforge.runtime.cli.wisdom;

import java.nio.file.Path;
import org.mxforge.runtime.cli.console.Table;

/** How tables name a wisdom file: below its folder, whose path may be long. */
final class WisdomRow {
    private WisdomRow() {}

    /** {@code table}, its next rows below the folder of {@code file}. */
    static Table under(Table table, Path file) {
        Path folder = file.getParent();
        return folder == null ? table.under() : table.under(folder.toString());
    }

    static String name(Path file) {
        return String.valueOf(file.getFileName());
    }
}
