package org.mxforge.runtime.checkpoint.safetensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.mxforge.runtime.base.MxForgeException;

/**
 * A file mapped read-only in windows, because one mapping holds at most 2 GiB. Neighbouring windows overlap by the size of
 * the widest element, so that no element is cut. The file may be deleted afterwards; its memory and its handle go with this
 * object. It must not become shorter: a mapped page without a file behind it is a fault of the machine, not an exception, so the
 * length is looked at before each read.
 */
final class MappedFile implements TensorData {
    /** Large enough that a checkpoint needs few, small enough for one mapping. */
    static final long WINDOW = 1L << 30;

    private static final int OVERLAP = 8;

    private final Path file;
    private final FileChannel channel;
    private final ByteBuffer[] windows;
    private final long window;
    private final long start;
    private final long length;

    /**
     * Maps {@code file} from byte {@code start} to its end.
     *
     * @param channel the open file, which this object owns from now on
     * @param window bytes a window, at least 1
     */
    MappedFile(Path file, FileChannel channel, long start, long window) throws IOException {
        this.file = file;
        this.channel = channel;
        this.window = window;
        this.start = start;
        this.length = channel.size() - start;
        windows = new ByteBuffer[Math.toIntExact((length + window - 1) / window)];
        for (int i = 0; i < windows.length; i++) {
            long from = i * window;
            long size = Math.min(window + OVERLAP, length - from);
            windows[i] = channel.map(FileChannel.MapMode.READ_ONLY, start + from, size)
                    .order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    /** Bytes mapped. */
    public long length() {
        return length;
    }

    /**
     * Hands bytes {@code begin} to {@code end} to {@code reader} in order, as little-endian pieces; each but the last is a
     * multiple of 8 bytes long.
     *
     * @throws MxForgeException if the file has become shorter since it was opened
     */
    @Override
    public void read(long begin, long end, Consumer<ByteBuffer> reader) {
        if (begin < 0 || end < begin || end > length) {
            throw new IllegalArgumentException(
                    "bytes " + begin + " to " + end + " are outside the " + length + " mapped");
        }
        requireWhole();
        try {
            copy(begin, end, reader);
        } catch (InternalError e) {
            throw shorter(e);
        }
    }

    private void copy(long begin, long end, Consumer<ByteBuffer> reader) {
        for (long at = begin; at < end; ) {
            ByteBuffer source = windows[(int) (at / window)];
            int offset = (int) (at % window);
            long here = source.limit() - offset;
            int size = (int) (end - at <= here ? end - at : here / OVERLAP * OVERLAP);
            reader.accept(source.slice(offset, size).order(ByteOrder.LITTLE_ENDIAN));
            at += size;
        }
    }

    private void requireWhole() {
        try {
            if (channel.size() < start + length) {
                throw shorter(null);
            }
        } catch (IOException e) {
            throw new MxForgeException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private MxForgeException shorter(InternalError cause) {
        return new MxForgeException(
                file
                        + " became shorter, or cannot be read any more, while it was in use: leave the files of a"
                        + " model as they are, and fetch this one again",
                cause);
    }
}
