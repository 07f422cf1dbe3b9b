package org.mxforge.runtime.model.tokenizer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.base.process.JavaProcess;

/**
 * Tries a tokenizer that nobody vouches for, once, in a process of its own: tables that are damaged, patterns that run away and texts that
 * explode do not end in an exception of the native library but take down the process, all of the memory, or never end. That
 * a tokenizer has passed is remembered by its digest in the user's cache.
 *
 * @param limit how long loading and all samples may take
 * @param memory how much the process may hold, in bytes
 */
record TokenizerTrial(Duration limit, long memory) {
    static final TokenizerTrial USUAL = new TokenizerTrial(Duration.ofSeconds(60), 3L << 30);

    /** Changes with what is tried. */
    private static final String VERSION = "1";

    /** Enough to read the largest there are. */
    private static final String HEAP = "512m";

    private static final String CRASH = "the tokenizers library crashes on it";
    private static final int MOST_SAID = 1 << 14;
    private static final long POLL_MILLIS = 20;
    private static final int PAGE = 4096;

    /**
     * Tries {@code file}, unless it has passed before or came with MXForge.
     *
     * @throws MxForgeException naming the file and what is wrong with it
     */
    void require(TokenizerFile file) {
        if (file.isBundled()) {
            return;
        }
        try {
            // A tokenizer that is refused is tried again: the machine may have been busy.
            ArtifactCache.user().get(new ArtifactCache.Key("tokenizer", List.of(VERSION, file.digest())), () -> {
                file.check();
                run(file.path());
                return TokenizerWorker.SOUND.getBytes(StandardCharsets.UTF_8);
            });
        } catch (NotTriedException e) {
            // A machine that starts no more processes is served all the same.
        }
    }

    /** No process could be started, which says nothing about the tokenizer. */
    private static final class NotTriedException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Runs the worker on a file. */
    void run(Path file) {
        Process process;
        try {
            process = JavaProcess.running(
                            TokenizerWorker.class,
                            HEAP,
                            List.of(file.toAbsolutePath().toString()))
                    .start();
        } catch (IOException e) {
            throw new NotTriedException();
        }
        try {
            await(process, file);
            List<String> said = new String(process.getInputStream().readNBytes(MOST_SAID), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            if (said.isEmpty()) {
                throw new NotTriedException();
            }
            if (said.size() == 1) {
                throw refused(file, CRASH);
            }
            if (!said.get(1).equals(TokenizerWorker.SOUND)) {
                throw refused(file, said.get(1));
            }
        } catch (IOException e) {
            throw refused(file, CRASH);
        } finally {
            process.destroyForcibly();
        }
    }

    private void await(Process process, Path file) {
        long end = System.nanoTime() + limit.toNanos();
        try {
            while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                if (System.nanoTime() > end) {
                    throw refused(file, "loading and trying it takes more than " + limit.toSeconds() + " s");
                }
                if (resident(process) > memory) {
                    throw refused(file, "loading and trying it takes more than " + (memory >> 20) + " MiB");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MxForgeException("the trial of " + file + " was interrupted", e);
        }
    }

    /** Bytes of memory that a process holds, as Linux tells; 0 elsewhere. */
    private static long resident(Process process) {
        try {
            String[] pages = Files.readString(Path.of("/proc", String.valueOf(process.pid()), "statm"))
                    .split(" ");
            return Long.parseLong(pages[1]) * PAGE;
        } catch (IOException | RuntimeException e) {
            return 0;
        }
    }

    private static MxForgeException refused(Path file, String reason) {
        return new MxForgeException(file + " is not a tokenizer that can be used: " + reason);
    }
}
