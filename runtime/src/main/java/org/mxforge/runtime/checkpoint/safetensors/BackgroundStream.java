package org.mxforge.runtime.checkpoint.safetensors;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Writes a piece in the background while the next one is made; what goes wrong is told by the call after it. */
final class BackgroundStream extends OutputStream {
    private final OutputStream out;
    private CompletableFuture<Void> writing = CompletableFuture.completedFuture(null);

    BackgroundStream(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value});
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        byte[] piece = Arrays.copyOfRange(bytes, offset, offset + length);
        await();
        // A thread of its own: those of the common pool make what is written.
        writing = CompletableFuture.runAsync(() -> put(piece), work -> new Thread(work, "writing").start());
    }

    private void put(byte[] piece) {
        try {
            out.write(piece);
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    private void await() throws IOException {
        try {
            writing.join();
        } catch (CompletionException e) {
            writing = CompletableFuture.completedFuture(null);
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw e;
        }
    }

    @Override
    public void flush() throws IOException {
        await();
        out.flush();
    }

    @Override
    public void close() throws IOException {
        try {
            await();
        } finally {
            out.close();
        }
    }
}
