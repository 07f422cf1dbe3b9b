package org.mxforge.runtime.tune.wisdom;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.mxforge.runtime.base.files.InputFile;
import org.mxforge.runtime.base.files.LockedFile;
import org.mxforge.runtime.base.files.PrivateFolder;
import org.mxforge.runtime.base.files.Publication;

/**
 * A file of lines that many processes append to. What is appended goes out in one write at the end of the file, under an exclusive
 * lock; a line that a crash cut short is closed first, so that it costs itself and not its successor.
 *
 * @param path the file; it need not exist
 */
record WisdomFile(Path path) {
    private static final int CHUNK = 1 << 16;

    /** Appending takes milliseconds, and pruning a large file seconds. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Some hundred thousand lines. */
    private static final long MAX_BYTES = 256L << 20;

    /** File locks belong to the whole JVM, so threads need a lock of their own. */
    private static final Object WITHIN_THIS_JVM = new Object();

    /** Appends {@code lines}, which have no line ends, in one write, creating the file when needed. */
    void append(List<String> lines) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String line : lines) {
            byte[] encoded = line.getBytes(StandardCharsets.UTF_8);
            if (encoded.length > WisdomLine.LIMIT) {
                throw new IllegalArgumentException("a line of wisdom has " + encoded.length + " bytes");
            }
            bytes.writeBytes(encoded);
            bytes.write('\n');
        }
        synchronized (WITHIN_THIS_JVM) {
            PrivateFolder.create(path.getParent());
            while (!appended(bytes.toByteArray())) {
                // Another process put a pruned file in the place of the one that was opened.
                Thread.onSpinWait();
            }
        }
    }

    private boolean appended(byte[] bytes) throws IOException {
        if (Files.exists(path)) {
            new InputFile("wisdom file", path).requireRegular();
        }
        try (FileChannel reader = FileChannel.open(
                        path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
                FileChannel writer = FileChannel.open(path, StandardOpenOption.APPEND)) {
            Object opened = identity();
            // Closing the channel gives the lock back.
            LockedFile.lock(writer, path, PATIENCE);
            if (!opened.equals(identity())) {
                return false;
            }
            ByteBuffer out = ByteBuffer.allocate(bytes.length + 1);
            if (isCutShort(reader)) {
                out.put((byte) '\n');
            }
            out.put(bytes).flip();
            while (out.hasRemaining()) {
                writer.write(out);
            }
            return true;
        }
    }

    /** What tells a file from another one of its name. */
    private Object identity() throws IOException {
        Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        return key == null ? path : key;
    }

    /** Drops the lines that {@code wanted} refuses, by a new file in the place of the old one; their number. */
    int retain(Predicate<String> wanted) throws IOException {
        synchronized (WITHIN_THIS_JVM) {
            new InputFile("wisdom file", path).requireRegular();
            try (FileChannel old = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                LockedFile.lock(old, path, PATIENCE);
                List<String> kept = new ArrayList<>();
                int[] dropped = new int[1];
                // Through this very channel: closing another one on the file would give the lock back.
                read(Channels.newInputStream(old), line -> {
                    if (wanted.test(line)) {
                        kept.add(line);
                    } else {
                        dropped[0]++;
                    }
                });
                if (dropped[0] > 0) {
                    Publication.replaceFile(path, aside -> Files.write(aside, kept));
                }
                return dropped[0];
            }
        }
    }

    private static boolean isCutShort(FileChannel file) throws IOException {
        ByteBuffer last = ByteBuffer.allocate(1);
        return file.size() > 0 && file.read(last, file.size() - 1) == 1 && last.get(0) != '\n';
    }

    /** Hands every non-empty line to {@code line}; one above the limit comes as an empty string. */
    void read(Consumer<String> line) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        try (InputStream in = new InputFile("wisdom file", path).stream(MAX_BYTES)) {
            read(in, line);
        }
    }

    /** The same of any stream. */
    static void read(InputStream in, Consumer<String> line) throws IOException {
        byte[] chunk = new byte[CHUNK];
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int length = 0;
        for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
            for (int begin = 0; begin < count; ) {
                int end = begin;
                while (end < count && chunk[end] != '\n') {
                    end++;
                }
                bytes.write(chunk, begin, Math.max(0, Math.min(end - begin, WisdomLine.LIMIT - length)));
                length = Math.min(length + end - begin, WisdomLine.LIMIT + 1);
                if (end < count) {
                    deliver(bytes, length, line);
                    length = 0;
                }
                begin = end + 1;
            }
        }
        deliver(bytes, length, line);
    }

    private static void deliver(ByteArrayOutputStream bytes, int length, Consumer<String> line) {
        if (length > 0) {
            line.accept(length > WisdomLine.LIMIT ? "" : bytes.toString(StandardCharsets.UTF_8));
        }
        bytes.reset();
    }
}
