package org.mxforge.runtime.base.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Exclusive locks of files among processes, waited for no longer than makes sense: a process that was stopped (Ctrl-Z) keeps its locks, and
 * nobody would see what others wait for.
 */
public final class LockedFile {
    private static final long POLL_MILLIS = 20;

    private LockedFile() {}

    /**
     * Locks {@code file} until {@code channel} is closed.
     *
     * @param channel the file, open for writing; no other lock of this process is on it
     * @param patience how long others may hold it
     * @throws IOException naming who holds it, if it is not free by then
     */
    public static void lock(FileChannel channel, Path file, Duration patience) throws IOException {
        long end = System.nanoTime() + patience.toNanos();
        while (channel.tryLock() == null) {
            if (System.nanoTime() >= end) {
                throw new IOException(file + " is locked by " + holder(file) + " for more than " + patience.toSeconds()
                        + " s: let that process go on, or end it");
            }
            pause();
        }
    }

    private static void pause() throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the wait for a lock was interrupted", e);
        }
    }

    private static String holder(Path file) {
        Optional<Long> process = holdingProcess(file);
        return process.isEmpty() ? "another process" : "process " + process.get() + state(process.get());
    }

    /** Linux lists locks as {@code 1: POSIX ADVISORY WRITE 4711 fd:01:263 0 EOF}, with process, device and number of the file. */
    private static Optional<Long> holdingProcess(Path file) {
        try {
            String inode = ":" + Files.getAttribute(file, "unix:ino");
            List<String> locks = Files.readAllLines(Path.of("/proc/locks"));
            return locks.stream()
                    .map(line -> line.strip().split("\\s+"))
                    .filter(fields -> fields.length >= 6 && fields[5].endsWith(inode))
                    .map(fields -> Long.parseLong(fields[4]))
                    .filter(process -> process > 0)
                    .findFirst();
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String state(long process) {
        try {
            return Files.readAllLines(Path.of("/proc", String.valueOf(process), "status")).stream()
                            .anyMatch(line -> line.matches("State:\\s+[Tt]\\b.*"))
                    ? ", which is stopped,"
                    : "";
        } catch (IOException e) {
            return "";
        }
    }
}
