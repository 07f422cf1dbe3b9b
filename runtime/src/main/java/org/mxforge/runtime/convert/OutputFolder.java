package org.mxforge.runtime.convert;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.mxforge.runtime.base.MxForgeException;

/** Makes a user's folder appear whole or not at all: it is written beside its place and moved there. */
final class OutputFolder {
    private OutputFolder() {}

    /** Writes the files of a folder. */
    @FunctionalInterface
    interface Content {
        void writeInto(Path folder) throws IOException;
    }

    /**
     * Writes {@code content} as {@code output}.
     *
     * @throws MxForgeException if {@code output} exists, its parent does not, or writing fails; nothing is left behind then
     */
    static void publish(Path output, Content content) {
        Path parent = output.toAbsolutePath().normalize().getParent();
        if (Files.exists(output) || parent == null) {
            throw new MxForgeException("the output folder " + output + " exists: name another or remove it");
        }
        if (!Files.isDirectory(parent)) {
            throw new MxForgeException("there is no folder " + parent + " to write to: create it first");
        }
        Path aside = null;
        try {
            aside = Files.createTempDirectory(parent, "." + output.getFileName() + "-");
            Path folder = Files.createDirectory(aside.resolve("content"));
            content.writeInto(folder);
            Files.move(folder, output, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new MxForgeException("cannot write " + output + ": " + e, e);
        } finally {
            delete(aside);
        }
    }

    private static void delete(Path folder) {
        if (folder == null) {
            return;
        }
        try (Stream<Path> found = Files.walk(folder)) {
            List<Path> innermostFirst = found.sorted(Comparator.reverseOrder()).toList();
            for (Path path : innermostFirst) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new MxForgeException("cannot remove the unfinished folder " + folder + ": " + e, e);
        }
    }
}
