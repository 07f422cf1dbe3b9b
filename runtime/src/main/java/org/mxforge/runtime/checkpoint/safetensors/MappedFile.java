package org.mxforge.runtime.checkpoint.safetensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/**
 * A file mapped read-only in windows, because one mapping holds at most 2 GiB. Neighbouring windows overlap by the size of
 * the widest element, so that no element is cut. The file may be closed or deleted afterwards; its memory goes with this
 * object.
 */
final class MappedFile {
    /** Large enough that a checkpoint needs few, small enough for one mapping. */
    static final long WINDOW = 1L << 30;

    private static final int OVERLAP = 8;

    private final ByteBuffer[] windows;
    private final long window;
    private final long length;

    /**
     * Maps {@code file} from byte {@code start} to its end.
     *
     * @param window bytes a window, at least 1
     */
    public MappedFile(Path file, long start, long window) throws IOException {
        this.window = window;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            length = channel.size() - start;
            windows = new ByteBuffer[Math.toIntExact((length + window - 1) / window)];
            for (int i = 0; i < windows.length; i++) {
                long from = i * window;
                long size = Math.min(window + OVERLAP, length - from);
                windows[i] = channel.map(FileChannel.MapMode.READ_ONLY, start + from, size)
                        .order(ByteOrder.LITTLE_ENDIAN);
            }
        }
    }

    /** Bytes mapped. */
    public long length() {
        return length;
    }

    /**
     * Hands bytes {@code begin} to {@code end} to {@code reader} in order, as little-endian pieces; each but the last is a
     * multiple of 8 bytes long.
     */
    public void read(long begin, long end, Consumer<ByteBuffer> reader) {
        if (begin < 0 || end < begin || end > length) {
            throw new IllegalArgumentException(
                    "bytes " + begin + " to " + end + " are outside the " + length + " mapped");
        }
        for (long at = begin; at < end; ) {
            ByteBuffer source = windows[(int) (at / window)];
            int offset = (int) (at % window);
            long here = source.limit() - offset;
            int size = (int) (end - at <= here ? end - at : here / OVERLAP * OVERLAP);
            reader.accept(source.slice(offset, size).order(ByteOrder.LITTLE_ENDIAN));
            at += size;
        }
    }
}
