package org.mxforge.runtime.base.cache;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.mxforge.runtime.base.files.LockedFile;
import org.mxforge.runtime.base.files.PrivateFolder;

/**
 * Mutual exclusion by lock file, among the threads of this process and among processes. It saves double work; it is not what
 * keeps entries whole. So where the file cannot be locked (a read-only folder, a network file system), work goes on without it.
 */
final class ProcessLock {
    /** A file lock belongs to the whole Java process, so threads need a lock of their own; one a file, as many as there are artifacts. */
    private static final ConcurrentHashMap<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

    private static final System.Logger LOG = System.getLogger(ProcessLock.class.getName());

    /** Longer than the work for one artifact takes. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Path file;
    private final Duration patience;

    ProcessLock(Path file) {
        this(file, PATIENCE);
    }

    /** @param patience how long another process is waited for */
    ProcessLock(Path file, Duration patience) {
        this.file = file.toAbsolutePath().normalize();
        this.patience = patience;
    }

    /** Runs {@code action} while holding the lock; without it, after a warning, if another process holds it for too long. */
    <T> T holding(Supplier<T> action) {
        ReentrantLock threads = THREADS.computeIfAbsent(file, f -> new ReentrantLock());
        threads.lock();
        try {
            FileChannel channel = lockedChannel();
            try {
                return action.get();
            } finally {
                close(channel);
            }
        } finally {
            threads.unlock();
        }
    }

    /** The locked file, or null where there is no locking. Closing it unlocks. */
    private FileChannel lockedChannel() {
        FileChannel channel = null;
        try {
            PrivateFolder.create(file.getParent());
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                    && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                // Opening a pipe would wait, and a link lead elsewhere.
                return null;
            }
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            close(channel);
            return null;
        }
        try {
            LockedFile.lock(channel, file, patience);
            return channel;
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "work that another process may do as well is not waited for: {0}",
                    e.getMessage());
            close(channel);
            return null;
        }
    }

    private static void close(FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // Unlocking failed; the system unlocks when the process ends.
        }
    }
}
