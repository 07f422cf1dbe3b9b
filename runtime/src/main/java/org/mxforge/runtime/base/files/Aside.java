package org.mxforge.runtime.base.files;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Where something is written before it takes its place: a hidden name beside that which nobody can guess, {@code .TARGET-} and the
 * {@link Writer}. What an interrupt (SIGINT, SIGTERM) leaves is deleted as the program ends; what a killed program left, by the next
 * one that writes into the same folder.
 *
 * @param path a file or folder
 */
record Aside(Path path) implements AutoCloseable {
    /** Names of file systems have 255 bytes at most; a target's may have as many. */
    private static final int LONGEST_NAME = 255;

    /** How often deleting is tried against a thread that goes on writing while the program ends. */
    private static final int TRIES = 100;

    /** Those of this process. */
    private static final Set<Aside> OPEN = ConcurrentHashMap.newKeySet();

    /** Folders in which this process has looked for what others left. */
    private static final Set<Path> SWEPT = ConcurrentHashMap.newKeySet();

    /** Whether the program ends, and nothing may be begun any more. */
    private static volatile boolean ending;

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(Aside::deleteAll, "deletes unfinished outputs"));
    }

    /** A name for what will be {@code target}; nothing is there yet. */
    static Aside of(Path target) throws IOException {
        Path absolute = target.toAbsolutePath();
        Path folder = absolute.getParent();
        if (SWEPT.add(folder)) {
            sweep(folder);
        }
        String writer =
                "-" + Writer.here().text() + "-" + UUID.randomUUID().toString().substring(0, 18);
        String name = "." + begin(absolute.getFileName().toString(), LONGEST_NAME - writer.length() - 1) + writer;
        Aside aside = new Aside(folder.resolve(name));
        OPEN.add(aside);
        if (ending) {
            throw new IOException("the program is ending");
        }
        return aside;
    }

    /** As many characters of {@code name} as fit into so many bytes. */
    private static String begin(String name, int bytes) {
        int end = name.length();
        while (name.substring(0, end).getBytes(StandardCharsets.UTF_8).length > bytes) {
            end = name.offsetByCodePoints(end, -1);
        }
        return name.substring(0, end);
    }

    /** Deletes what is still there. */
    @Override
    public void close() throws IOException {
        delete(path);
        OPEN.remove(this);
    }

    private static void deleteAll() {
        ending = true;
        for (Aside aside : OPEN) {
            for (int i = 0; i < TRIES; i++) {
                try {
                    delete(aside.path);
                    break;
                } catch (DirectoryNotEmptyException e) {
                    // Its writer, which ends with the program, has put another file there.
                } catch (IOException e) {
                    break;
                }
            }
        }
    }

    /** Deletes what programs left in {@code folder} that are dead. It is a service, so that failures are none of the caller's. */
    private static void sweep(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            for (Path entry : entries.filter(Aside::isAbandoned).toList()) {
                delete(entry);
            }
        } catch (IOException | RuntimeException e) {
            // The folder is not there, or not ours to list or clean.
        }
    }

    /** Only what has a name of ours and belongs to this user: in a folder for all, others could make links of such names. */
    private static boolean isAbandoned(Path entry) {
        try {
            return Writer.of(entry.getFileName().toString())
                            .filter(Writer::isDead)
                            .isPresent()
                    && !OPEN.contains(new Aside(entry))
                    && Files.getOwner(entry, LinkOption.NOFOLLOW_LINKS).equals(Writer.user());
        } catch (IOException | UnsupportedOperationException e) {
            return false;
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
    static List<Path> below(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.sorted(Comparator.reverseOrder()).toList();
        }
    }
}
