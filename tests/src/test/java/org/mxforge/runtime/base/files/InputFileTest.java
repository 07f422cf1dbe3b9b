package org.mxforge.runtime.base.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.runtime.base.MxForgeException;

class InputFileTest {
    private static final long LIMIT = 10;

    @TempDir
    private Path folder;

    private static void refused(Path path, String... parts) {
        InputFile file = new InputFile("text file", path);
        ThrowingCallable[] ways = {
            () -> file.bytes(LIMIT), () -> file.text(LIMIT), () -> file.stream(LIMIT), file::open, file::requireRegular
        };
        for (ThrowingCallable way : ways) {
            assertThatThrownBy(way)
                    .isInstanceOf(MxForgeException.class)
                    .hasMessageContaining("text file " + path)
                    .hasMessageContainingAll(parts);
        }
    }

    @Test
    void whatIsNoRegularFileIsNeverOpened() throws IOException, InterruptedException {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        refused(pipe, "pipe");
        refused(Path.of("/dev/zero"), "device");
        refused(Files.createSymbolicLink(folder.resolve("link"), Path.of("/dev/zero")), "device");
        refused(folder, "is a folder");
        refused(folder.resolve("none"), "there is no");
        // As in a copy of a hub cache without its blobs.
        refused(
                Files.createSymbolicLink(folder.resolve("broken"), folder.resolve("none")),
                "is a link to something that is not there: fetch it again");
        Path ring = folder.resolve("ring");
        refused(Files.createSymbolicLink(ring, ring), "cannot be read");
        refused(Files.writeString(folder.resolve("file"), "x").resolve("below"), "cannot be read");
    }

    @Test
    void aFileIsReadThroughALink() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "0123456789");
        InputFile link = new InputFile("file", Files.createSymbolicLink(folder.resolve("link"), file));
        assertThat(link.text(LIMIT)).isEqualTo("0123456789");
        assertThat(link.bytes(LIMIT)).hasSize(10);
    }

    @Test
    void oneAboveItsLimitIsRefusedBeforeItIsRead() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "01234567890");
        InputFile large = new InputFile("file", file);
        assertThatThrownBy(() -> large.bytes(LIMIT)).hasMessageContainingAll("11 bytes", "more than the 10");
        assertThatThrownBy(() -> large.text(LIMIT)).isInstanceOf(MxForgeException.class);
        assertThatThrownBy(() -> large.stream(LIMIT)).isInstanceOf(MxForgeException.class);
        // Such a file says that it has no bytes.
        assertThatThrownBy(() -> new InputFile("file", Path.of("/proc/self/status")).bytes(LIMIT))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("more than the 10");
    }

    @Test
    void textIsUtf8() throws IOException {
        Path file = Files.write(folder.resolve("file"), new byte[] {'a', (byte) 0xff});
        assertThatThrownBy(() -> new InputFile("text file", file).text(LIMIT))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("not valid UTF-8");
    }
}
