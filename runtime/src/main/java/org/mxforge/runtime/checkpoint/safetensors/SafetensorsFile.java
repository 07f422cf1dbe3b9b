package org.mxforge.runtime.checkpoint.safetensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Map;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.files.InputFile;

/** One safetensors file: its checked header and its mapped data. */
final class SafetensorsFile {
    /** The limit of the reference implementation. */
    private static final long MAX_HEADER = 100_000_000;

    private final SafetensorsHeader header;
    private final MappedFile data;

    private SafetensorsFile(SafetensorsHeader header, MappedFile data) {
        this.header = header;
        this.data = data;
    }

    /**
     * Opens {@code file}; nothing of the data is read yet.
     *
     * @throws MxForgeException naming the file and the rule of the format that it breaks
     */
    static SafetensorsFile open(Path file) {
        InputFile input = new InputFile("file", file);
        FileChannel channel = input.open();
        try {
            return open(file, channel);
        } catch (IOException e) {
            close(channel);
            throw new MxForgeException("cannot read " + file + ": " + e.getMessage(), e);
        } catch (RuntimeException | Error e) {
            close(channel);
            throw e;
        }
    }

    private static SafetensorsFile open(Path file, FileChannel channel) throws IOException {
        long length = channel.size();
        // The length of a header may happen to be what others begin with; what follows it is not.
        if (length <= Long.BYTES || read(channel, Long.BYTES, 1).get(0) != '{') {
            new InputFile("file", file).refuseOtherFormats();
        }
        if (length < Long.BYTES) {
            throw new MxForgeException(
                    file + " has only " + length + " bytes: it is truncated or not a safetensors file");
        }
        long header = read(channel, 0, Long.BYTES).getLong(0);
        if (header < 0 || header > MAX_HEADER || header > length - Long.BYTES) {
            throw new MxForgeException(file + " announces a header of " + Long.toUnsignedString(header)
                    + " bytes in a file of " + length + ": it is truncated or not a safetensors file");
        }
        byte[] json = read(channel, Long.BYTES, (int) header).array();
        SafetensorsHeader checked = HeaderReader.read(file.toString(), json, length - Long.BYTES - header);
        return new SafetensorsFile(checked, new MappedFile(file, channel, checked.dataStart(), MappedFile.WINDOW));
    }

    private static void close(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // It was only read.
        }
    }

    Map<String, TensorInfo> tensors() {
        return header.tensors();
    }

    Map<String, String> metadata() {
        return header.metadata();
    }

    MappedFile data() {
        return data;
    }

    private static ByteBuffer read(FileChannel channel, long position, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new IOException("it became shorter while it was read");
            }
        }
        return buffer;
    }
}
