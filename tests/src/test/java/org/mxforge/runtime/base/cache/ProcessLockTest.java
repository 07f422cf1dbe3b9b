package org.mxforge.runtime.base.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.runtime.base.files.LockedFile;

class ProcessLockTest {
    private static final Duration SHORT = Duration.ofMillis(50);

    /** A process that holds a lock and never comes to an end. */
    static final class Holder {
        public static void main(String[] arguments) {
            new ProcessLock(Path.of(arguments[0])).holding(() -> {
                System.out.println("holds");
                LockSupport.park();
                return "";
            });
        }
    }

    @TempDir
    private Path folder;

    private Path file;
    private Process holder;

    @BeforeEach
    void hold() throws IOException {
        file = folder.resolve("lock");
        holder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(holder.inputReader().readLine()).isEqualTo("holds");
    }

    @AfterEach
    void end() throws InterruptedException {
        holder.destroyForcibly().waitFor();
    }

    @Test
    void aStoppedProcessIsNamedAndNotWaitedForForEver() throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-STOP", String.valueOf(holder.pid()))
                        .start()
                        .waitFor())
                .isZero();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            assertThatThrownBy(() -> LockedFile.lock(channel, file, SHORT))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(file + " is locked by process " + holder.pid() + ", which is stopped,");
        }
        assertThat(new ProcessLock(file, SHORT).<String>holding(() -> "done without"))
                .isEqualTo("done without");
    }

    @Test
    void aLockIsFreeWhenItsProcessEnds() throws IOException, InterruptedException {
        holder.destroyForcibly().waitFor();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            LockedFile.lock(channel, file, SHORT);
        }
    }
}
