package org.mxforge.runtime.check;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** A picture of so many points, row after row, as a PNG file; Java's own writer is not part of every Java. */
final class Png {
    private static final byte[] HEAD = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final int BITS = 8;
    private static final int COLOURS = 2;

    private final int width;
    private final int height;
    private final ByteBuffer lines;

    Png(int width, int height) {
        this.width = width;
        this.height = height;
        this.lines = ByteBuffer.allocate(height * (1 + 3 * width));
    }

    /** The next point, as red, green and blue. */
    void point(int colour) {
        if (lines.position() % (1 + 3 * width) == 0) {
            // Nothing is filtered.
            lines.put((byte) 0);
        }
        lines.put((byte) (colour >> 16)).put((byte) (colour >> 8)).put((byte) colour);
    }

    byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(HEAD);
        chunk(
                out,
                "IHDR",
                ByteBuffer.allocate(13)
                        .putInt(width)
                        .putInt(height)
                        .put((byte) BITS)
                        .put((byte) COLOURS)
                        .array());
        chunk(out, "IDAT", deflated());
        chunk(out, "IEND", new byte[0]);
        return out.toByteArray();
    }

    private byte[] deflated() {
        Deflater deflater = new Deflater();
        deflater.setInput(lines.array());
        deflater.finish();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] piece = new byte[8192];
        while (!deflater.finished()) {
            out.write(piece, 0, deflater.deflate(piece));
        }
        deflater.end();
        return out.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream out, String name, byte[] content) {
        ByteBuffer chunk = ByteBuffer.allocate(12 + content.length).putInt(content.length);
        for (char letter : name.toCharArray()) {
            chunk.put((byte) letter);
        }
        chunk.put(content);
        CRC32 sum = new CRC32();
        sum.update(chunk.array(), 4, 4 + content.length);
        out.writeBytes(chunk.putInt((int) sum.getValue()).array());
    }
}
