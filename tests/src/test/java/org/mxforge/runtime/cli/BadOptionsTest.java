package org.mxforge.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.runtime.quant.TinyCheckpoint;

/** Numbers that are none, too small or left out, and names that are none, in options that take them. */
class BadOptionsTest {
    @TempDir
    Path folder;

    private Path model;

    @BeforeEach
    void makeModel() {
        model = TinyCheckpoint.write(folder.resolve("model"), 128, 256);
    }

    private static void refused(int code, String message, Object... words) {
        CommandRun run = CommandRun.of(words);
        assertThat(run.err().lines())
                .singleElement()
                .asString()
                .startsWith("mxforge: ")
                .contains(message);
        assertThat(run.out()).isEmpty();
        assertThat(run.code()).isEqualTo(code);
    }

    @Test
    void typesOfJavaAreNotNamed() {
        refused(2, "'x' is not a whole number of at most 9223372036854775807", "generate", "--seed", "x");
        refused(2, "'x' is not a number", "generate", "--temperature", "x");
    }

    @Test
    void nothingIsNotDoneInSilence() throws IOException {
        refused(2, "--rows has no number", "tune", "--model", model, "--rows", ",");
        Path empty = Files.writeString(folder.resolve("empty.txt"), "\n");
        refused(1, "has no line of the form", "bench", "e2e", "--model", model, "--with-peers", empty);
    }

    @Test
    void numbersBelowOneAreRefusedByTheirOption() {
        refused(2, "--context is 0: give 1 or more", "tune", "--model", model, "--context", 0);
        Path out = folder.resolve("out");
        refused(
                2,
                "--tokens is 0: give 1 or more",
                "kernels",
                "export",
                "--model",
                model,
                "--recipe",
                "mxfp4",
                "--target",
                "sm_90a",
                "--tokens",
                "1,0",
                "--out",
                out);
        assertThat(out).doesNotExist();
    }

    @Test
    void choicesAreNamedAsTheyAreWritten() {
        String message = "'x' is no way of folding: use exact, lossy or off";
        refused(2, message, "compare", "--model", model, "--folding", "x");
        Path out = folder.resolve("out");
        refused(2, message, "kernels", "export", "--model", model, "--folding", "x", "--out", out);
    }

    @Test
    void shapesOfInt8AreThoseThatItsKernelsTake() {
        String spec = "int8gemm/v1;epilogue=none;out=bf16";
        refused(2, "has no kernel for cpu", "tune", "--spec", spec, "--shape", "m1,n1,k64", "--device", "cpu");
        refused(
                2,
                "a multiple of 32 where it is packed and of 16 in INT8",
                "kernels",
                "export",
                "--target",
                "sm_90a",
                "--spec",
                spec,
                "--shape",
                "m1,n64,k40",
                "--out",
                folder.resolve("kernels"));
    }
}
