package org.mxforge.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.runtime.BundledModel;

/**
 * The bundled model is scored in a heap of 79 MB, twice its weights and activations: 11.5 MB of BF16, and 28 MB for 512
 * tokens, 8 of them logits. What the program and its compiler need is in there too, so that a second copy of the weights, in
 * floats, no longer fits.
 */
class MemoryTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"bf16", "mxfp4"})
    void weightsAreHeldOnce(String recipe) throws IOException, InterruptedException {
        Process process = evaluate("-Xmx79m", recipe);
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    /** Weights that cannot fit are refused before they are read; whether the rest fits turns out. */
    @ParameterizedTest
    @CsvSource({"-Xmx17m, not enough memory", "-Xmx24m, out of memory"})
    void tooSmallAHeapIsNamed(String heap, String message) throws IOException, InterruptedException {
        Process process = evaluate(heap, "bf16");
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isEqualTo(71);
        assertThat(said.lines()).singleElement().asString().contains(message, "-Xmx");
    }

    private Process evaluate(String heap, String recipe) throws IOException {
        Path text = Files.writeString(folder.resolve("text"), BundledModel.evaluationText());
        ProcessBuilder command = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        heap,
                        "-XX:+UseG1GC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        MxForge.class.getName(),
                        "eval",
                        "ppl",
                        "--model",
                        BundledModel.checkpoint(folder).toString(),
                        "--recipe",
                        recipe,
                        "--text",
                        text.toString(),
                        "--windows",
                        "1",
                        "--device",
                        "cpu",
                        "--threads",
                        "2",
                        "--tune",
                        "off")
                .redirectErrorStream(true);
        command.environment().put("MXFORGE_CACHE", folder.resolve("cache").toString());
        return command.start();
    }
}
