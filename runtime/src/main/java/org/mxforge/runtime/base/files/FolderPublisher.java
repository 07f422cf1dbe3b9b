package org.mxforge.runtime.base.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Makes folders appear whole or not at all: they are written aside, flushed, and renamed into place. Losing the race against
 * another process is fine, since both wrote the same.
 *
 * @param staging where folders are written; on the same file system as their targets
 */
public record FolderPublisher(Path staging) {
    /** Writes the files of a folder. */
    @FunctionalInterface
    public interface Content {
        void writeInto(Path folder) throws IOException;
    }

    /**
     * Publishes {@code content} as {@code target}, unless that exists by then.
     *
     * @throws IOException if the content cannot be written or moved; nothing is left behind then
     */
    public void publish(Path target, Content content) throws IOException {
        Path folder = fresh();
        Files.createDirectories(folder);
        try {
            content.writeInto(folder);
            flush(folder);
            Files.createDirectories(target.getParent());
            Files.move(folder, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            delete(folder);
            if (!Files.isDirectory(target)) {
                throw e;
            }
        }
    }

    /** Takes a published folder out of sight, then deletes it; who has its files open keeps them. */
    public void withdraw(Path target) throws IOException {
        Path folder = fresh();
        Files.createDirectories(staging);
        Files.move(target, folder, StandardCopyOption.ATOMIC_MOVE);
        delete(folder);
    }

    private Path fresh() {
        return staging.resolve(ProcessHandle.current().pid() + "-" + UUID.randomUUID());
    }

    /** Without this, a power cut after the rename could leave a named folder of empty files. */
    private static void flush(Path folder) throws IOException {
        for (Path file : children(folder)) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // What stays is a stray folder in the staging area, which nobody reads.
        }
    }

    private static List<Path> children(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
