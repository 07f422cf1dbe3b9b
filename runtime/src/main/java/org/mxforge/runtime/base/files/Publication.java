package org.mxforge.runtime.base.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Makes files and folders appear whole or not at all. They are written beside their place under a hidden name that nobody else
 * uses, flushed to the disk, and moved; without the flush, a power cut after the move could leave a name without content. Of
 * several threads or processes that publish one new name, one alone succeeds. After a failure nothing is left behind.
 */
public final class Publication {
    /** Writes what is published. */
    @FunctionalInterface
    public interface Content {
        /**
         * @param aside where to write: the path of a file that does not exist yet, or an empty folder
         */
        void writeTo(Path aside) throws IOException;
    }

    private Publication() {}

    /**
     * Publishes a file under a name that is free.
     *
     * @throws FileAlreadyExistsException if {@code target} is there, or comes to be there in the meantime
     */
    public static void newFile(Path target, Content content) throws IOException {
        refuseExisting(target);
        Path aside = aside(target);
        try {
            content.writeTo(aside);
            flush(aside);
            take(target, aside);
        } finally {
            delete(aside);
        }
    }

    /** Publishes a file in the place of the one that is there, if there is one; who has that open keeps it. */
    public static void replaceFile(Path target, Content content) throws IOException {
        Path aside = aside(target);
        try {
            content.writeTo(aside);
            flush(aside);
            Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            delete(aside);
        }
    }

    /**
     * Publishes a folder, which has a file at least, under a name that is free.
     *
     * @throws FileAlreadyExistsException if {@code target} is there, or comes to be there in the meantime
     */
    public static void newFolder(Path target, Content content) throws IOException {
        refuseExisting(target);
        Path aside = aside(target);
        try {
            Files.createDirectory(aside);
            content.writeTo(aside);
            flush(aside);
            rename(aside, target);
        } finally {
            delete(aside);
        }
    }

    /** Takes a file or folder away at once, then deletes it; who has its files open keeps them. */
    public static void withdraw(Path target) throws IOException {
        Path aside = aside(target);
        Files.move(target, aside, StandardCopyOption.ATOMIC_MOVE);
        delete(aside);
    }

    private static Path aside(Path target) {
        return target.toAbsolutePath().resolveSibling("." + target.getFileName() + "." + UUID.randomUUID());
    }

    private static void refuseExisting(Path target) throws IOException {
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(target.toString());
        }
    }

    /** Gives {@code aside} the name {@code target} by a link, which fails where a name is taken; a rename would replace. */
    private static void take(Path target, Path aside) throws IOException {
        try {
            Files.createLink(target, aside);
        } catch (FileAlreadyExistsException | NoSuchFileException e) {
            throw e;
        } catch (IOException | UnsupportedOperationException noLinks) {
            // This file system has no links: an empty file holds the name until the content takes its place.
            Files.createFile(target);
            Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** Systems refuse to rename a folder over one that has files, each with an error of its own. */
    private static void rename(Path aside, Path target) throws IOException {
        try {
            Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            refuseExisting(target);
            throw e;
        }
    }

    private static void flush(Path written) throws IOException {
        for (Path file : below(written)) {
            if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                    channel.force(true);
                }
            }
        }
    }

    private static void delete(Path aside) throws IOException {
        if (Files.exists(aside, LinkOption.NOFOLLOW_LINKS)) {
            for (Path file : below(aside)) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** What is in {@code root}, innermost first, and itself. */
    private static List<Path> below(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.sorted(Comparator.reverseOrder()).toList();
        }
    }
}
