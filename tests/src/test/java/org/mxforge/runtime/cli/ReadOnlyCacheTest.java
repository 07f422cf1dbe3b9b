package org.mxforge.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.runtime.BundledModel;

/** Where the cache folder cannot be made, the program works without it, says so, and leaves nothing among the temporary files. */
class ReadOnlyCacheTest {
    @TempDir
    private Path folder;

    @Test
    void aTextIsGeneratedAllTheSame() throws IOException, InterruptedException {
        Path temporary = Files.createDirectory(folder.resolve("tmp"));
        Path cache = Files.writeString(folder.resolve("file"), "no folder").resolve("cache");
        ProcessBuilder command = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.io.tmpdir=" + temporary,
                        "-cp",
                        System.getProperty("java.class.path"),
                        MxForge.class.getName(),
                        "generate",
                        "--model",
                        BundledModel.checkpoint(folder.resolve("models")).toString(),
                        "--prompt",
                        "hi",
                        "--tokens",
                        "2",
                        "--device",
                        "cpu",
                        "--tune",
                        "off"))
                .redirectErrorStream(true);
        command.environment().put("MXFORGE_CACHE", cache.toString());
        Process process = command.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said).contains("\nhi", "cache folder " + cache);
        assertThat(temporary).isEmptyDirectory();
    }
}
