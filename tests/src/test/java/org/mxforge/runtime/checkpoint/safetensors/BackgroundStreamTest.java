package org.mxforge.runtime.checkpoint.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What is written in the background is all there, in order, and so are errors. */
class BackgroundStreamTest {
    @Test
    void everythingArrivesInOrder() throws IOException {
        ByteArrayOutputStream target = new ByteArrayOutputStream();
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        byte[] piece = new byte[1000];
        try (OutputStream out = new BackgroundStream(target)) {
            for (int i = 0; i < 300; i++) {
                // The same array again: what it held counts.
                Arrays.fill(piece, (byte) i);
                out.write(piece, i, 1000 - i);
                expected.write(piece, i, 1000 - i);
            }
            out.write(7);
            expected.write(7);
        }
        assertThat(target.toByteArray()).isEqualTo(expected.toByteArray());
    }

    @Test
    void failuresAreTold() throws IOException {
        IOException full = new IOException("no space left");
        boolean[] closed = {false};
        OutputStream target = new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                throw full;
            }

            @Override
            public void close() {
                closed[0] = true;
            }
        };
        OutputStream out = new BackgroundStream(target);
        out.write(new byte[10]);
        assertThatThrownBy(out::flush).isSameAs(full);
        out.write(1);
        assertThatThrownBy(out::close).isSameAs(full);
        assertThat(closed[0]).isTrue();
    }
}
