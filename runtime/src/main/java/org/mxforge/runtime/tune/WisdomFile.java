package org.mxforge.runtime.tune;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/**
 * A file of lines that many processes append to. Each line goes out in one write at the end of the file, under an exclusive
 * lock; a line that a crash cut short is closed first, so that it costs itself and not its successor.
 *
 * @param path the file; it need not exist
 */
record WisdomFile(Path path) {
    /** File locks belong to the whole JVM, so threads need a lock of their own. */
    private static final Object WITHIN_THIS_JVM = new Object();

    /** Appends {@code line}, which has no line end, creating the file when needed. */
    void append(String line) throws IOException {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > WisdomLine.LIMIT) {
            throw new IllegalArgumentException("a line of wisdom has " + bytes.length + " bytes");
        }
        synchronized (WITHIN_THIS_JVM) {
            Files.createDirectories(path.getParent());
            try (FileChannel reader = FileChannel.open(
                            path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
                    FileChannel writer = FileChannel.open(path, StandardOpenOption.APPEND)) {
                // Closing the channel gives the lock back.
                writer.lock();
                ByteBuffer out = ByteBuffer.allocate(bytes.length + 2);
                if (isCutShort(reader)) {
                    out.put((byte) '\n');
                }
                out.put(bytes).put((byte) '\n').flip();
                while (out.hasRemaining()) {
                    writer.write(out);
                }
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
        try (InputStream in = Files.newInputStream(path)) {
            read(in, line);
        }
    }

    /** The same of any stream. */
    static void read(InputStream stream, Consumer<String> line) throws IOException {
        InputStream in = new BufferedInputStream(stream);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int length = 0;
        for (int b = in.read(); b >= 0; b = in.read()) {
            if (b != '\n') {
                if (++length <= WisdomLine.LIMIT) {
                    bytes.write(b);
                }
                continue;
            }
            deliver(bytes, length, line);
            length = 0;
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
