package org.mxforge.runtime.cuda.nvrtc;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** A compiled kernel as the bytes of a cache entry. The cache vouches for the bytes, so that reading needs no checks of its own. */
final class CompiledKernelFile {
    /** Part of the cache key: another layout of the bytes is another artifact. */
    static final String VERSION = "1";

    private CompiledKernelFile() {}

    static byte[] write(CompiledKernel kernel) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(kernel.registers());
            out.writeInt(kernel.spillBytes());
            out.writeInt(kernel.staticSharedBytes());
            out.writeLong(kernel.compileMillis());
            block(out, kernel.log().getBytes(StandardCharsets.UTF_8));
            block(out, kernel.image());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static CompiledKernel read(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int registers = in.readInt();
            int spillBytes = in.readInt();
            int staticSharedBytes = in.readInt();
            long millis = in.readLong();
            String log = new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
            byte[] image = in.readNBytes(in.readInt());
            return new CompiledKernel(image, log, registers, spillBytes, staticSharedBytes, millis);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void block(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }
}
