package org.mxforge.runtime.cli.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.mxforge.runtime.base.MxForgeException;

/** Output files: never written over, and there with all their content or not at all. */
public final class NewFile {
    private NewFile() {}

    /** Refuses {@code file}, which may be null, before any work is done. */
    public static void refuseExisting(Path file) {
        if (file == null) {
            return;
        }
        if (Files.exists(file)) {
            throw new MxForgeException("output file " + file + " exists: choose a new one or remove it");
        }
        Path folder = file.toAbsolutePath().normalize().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new MxForgeException("there is no folder " + folder + " for output file " + file);
        }
    }

    public static void write(Path file, String text) {
        refuseExisting(file);
        Path aside = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.writeString(aside, text);
            Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new MxForgeException("cannot write file " + file + ": " + e.getMessage(), e);
        }
    }
}
