package org.mxforge.runtime.base.files;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.mxforge.runtime.base.MxForgeException;

/** Files and folders that a user asked for: never written over, and there with all their content or not at all. */
public final class UserOutput {
    /** In bytes; no file system of Linux takes more. */
    private static final int LONGEST_NAME = 255;

    private UserOutput() {}

    /**
     * Refuses an output that could not be written, before any work is done for it.
     *
     * @param output may be null, for none
     * @throws MxForgeException if it exists, or there is no folder for it that can be written to
     */
    public static void check(Path output) {
        if (output == null) {
            return;
        }
        if (output.toString().isBlank()) {
            throw new MxForgeException("the name of an output is empty: give one that does not exist yet");
        }
        Path folder = output.toAbsolutePath().normalize().getParent();
        if (folder == null || Files.exists(output, LinkOption.NOFOLLOW_LINKS)) {
            throw exists(output, null);
        }
        if (!Files.isDirectory(folder)) {
            throw new MxForgeException("there is no folder " + folder + " for output " + output + ": make it first");
        }
        if (output.getFileName().toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
            throw new MxForgeException(
                    "the name of output " + output + " is too long: choose one of at most " + LONGEST_NAME + " bytes");
        }
        try {
            Publication.tryOut(output);
        } catch (IOException e) {
            throw failed(output, e);
        }
    }

    /**
     * Writes a file.
     *
     * @throws MxForgeException if {@code output} exists or cannot be written; nothing is left behind then
     */
    public static void file(Path output, Publication.Content content) {
        check(output);
        try {
            Publication.newFile(output, content);
        } catch (IOException e) {
            throw failed(output, e);
        }
    }

    /**
     * Writes a folder.
     *
     * @param content writes a file at least
     * @throws MxForgeException if {@code output} exists or cannot be written; nothing is left behind then
     */
    public static void folder(Path output, Publication.Content content) {
        check(output);
        try {
            Publication.newFolder(output, content);
        } catch (IOException e) {
            throw failed(output, e);
        }
    }

    private static MxForgeException failed(Path output, IOException e) {
        return e instanceof FileAlreadyExistsException taken
                        && output.toString().equals(taken.getFile())
                ? exists(output, e)
                : new MxForgeException("cannot write output " + output + ": " + reason(e), e);
    }

    /** What went wrong, without the names of Java's classes where there are words. */
    public static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof NoSuchFileException) {
            return "no such file or folder";
        }
        if (e instanceof FileAlreadyExistsException taken) {
            return taken.getFile() + " is in the way";
        }
        if (e instanceof FileSystemException system) {
            return system.getReason() == null ? e.toString() : system.getReason();
        }
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    private static MxForgeException exists(Path output, IOException cause) {
        return new MxForgeException("output " + output + " exists: choose a new one or remove it", cause);
    }
}
