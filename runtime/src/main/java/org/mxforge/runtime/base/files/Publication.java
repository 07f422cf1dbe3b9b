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

/**
 * Makes files and folders appear whole or not at all. They are written beside their place under a hidden name that nobody else
 * uses or could guess, flushed to the disk, and moved; without the flush, a power cut after the move could leave a name without
 * content. Of several threads or processes that publish one new name, one alone succeeds. After a failure nothing is left behind, nor
 * after an interrupt; {@link Aside} says what becomes of what a killed process leaves.
 */
public final class Publication {
    /** Writes what is published. */
    @FunctionalInterface
    public interface Content {
        /**
         * @param aside where to write: an empty file or an empty folder
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
        try (Aside aside = Aside.of(target)) {
            write(aside, content);
            take(target, aside.path());
        }
    }

    /** Fails as publishing {@code target} would where its folder cannot be written to; leaves nothing. */
    static void tryOut(Path target) throws IOException {
        try (Aside aside = Aside.of(target)) {
            Files.createFile(aside.path());
        }
    }

    /** Publishes a file in the place of the one that is there, if there is one; who has that open keeps it. */
    public static void replaceFile(Path target, Content content) throws IOException {
        try (Aside aside = Aside.of(target)) {
            write(aside, content);
            Files.move(aside.path(), target, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /**
     * Publishes a folder, which has a file at least, under a name that is free.
     *
     * @throws FileAlreadyExistsException if {@code target} is there, or comes to be there in the meantime
     */
    public static void newFolder(Path target, Content content) throws IOException {
        refuseExisting(target);
        try (Aside aside = Aside.of(target)) {
            Files.createDirectory(aside.path());
            content.writeTo(aside.path());
            flush(aside.path());
            rename(aside.path(), target);
        }
    }

    /** Takes a file or folder away at once, then deletes it; who has its files open keeps them. */
    public static void withdraw(Path target) throws IOException {
        try (Aside aside = Aside.of(target)) {
            Files.move(target, aside.path(), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** The file is made here, and only if nothing has its name, so that no link is followed that somebody else put there. */
    private static void write(Aside aside, Content content) throws IOException {
        Files.createFile(aside.path());
        content.writeTo(aside.path());
        flush(aside.path());
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
        for (Path file : Aside.below(written)) {
            if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                    channel.force(true);
                }
            }
        }
    }
}
