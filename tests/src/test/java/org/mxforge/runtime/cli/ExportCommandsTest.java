package org.mxforge.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.runtime.model.Fixtures;

/** The commands that take kernels and weights away, and what they are misused for. */
class ExportCommandsTest {
    private static final String SILU = "silumul/v1;layout=plain";
    private static final String GEMM = "mxgemm/v2;pairs=e2m1xe2m1;groups=g32;epilogue=none;out=bf16;tolerance=exact";

    @TempDir
    Path folder;

    private CommandRun export(Object... options) {
        Object[] words = new Object[options.length + 4];
        System.arraycopy(new Object[] {"kernels", "export", "--out", folder.resolve("kernels")}, 0, words, 0, 4);
        System.arraycopy(options, 0, words, 4, options.length);
        return CommandRun.of(words);
    }

    @Test
    void exportedKernelsVerify() throws IOException {
        CommandRun exported = export("--target", "sm_80,sm_90a", "--spec", SILU, "--json");
        assertThat(exported.code()).as(exported.err()).isZero();
        assertThat(exported.json().get("kernels")).hasSize(2);
        CommandRun verified = CommandRun.of("kernels", "verify", folder.resolve("kernels"), "--json");
        assertThat(verified.code()).as(verified.err()).isZero();
        assertThat(CommandRun.of("kernels", "verify", folder.resolve("kernels"))
                        .out()
                        .lines())
                .contains("KERNEL             COMPILED AGAIN", "silumul_plain for sm_90a")
                .allMatch(line -> line.length() <= 80);
        for (JsonNode kernel : verified.json().get("recompiled")) {
            assertThat(kernel.get("fault").isNull()).isTrue();
        }
        Path readme = folder.resolve("kernels/README.md");
        Files.writeString(readme, Files.readString(readme) + "more");
        refused(CommandRun.of("kernels", "verify", folder.resolve("kernels")), 1, "README.md was changed");
        refused(export("--target", "sm_80", "--spec", SILU), 1, "exists");
    }

    @Test
    void measuredKernelsSayWhatTheyTook() {
        CommandRun exported = export("--target", "sm_90a", "--spec", GEMM, "--shape", "m16,n4096,k4096", "--json");
        assertThat(exported.code()).as(exported.err()).isZero();
        JsonNode use = exported.json().at("/uses/0");
        assertThat(use.get("origin").asText()).isEqualTo("wisdom");
        assertThat(use.get("ms").asDouble()).isPositive();
        assertThat(use.get("device").asText()).startsWith("NVIDIA");
    }

    @Test
    void weightsFollowTheirKernels() {
        Path model = Fixtures.folder("fx-qwen2");
        Path weights = folder.resolve("weights.safetensors");
        CommandRun exported =
                export("--target", "sm_80,sm_86", "--model", model, "--recipe", "mxfp6-e2m3", "--tokens", "1");
        assertThat(exported.code()).as(exported.err()).isZero();
        // A terminal's width.
        assertThat(exported.out().lines().takeWhile(line -> !line.contains(" kernels written to ")))
                .hasSizeGreaterThan(3)
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        Object[] words = {
            "weights",
            "export",
            "--model",
            model,
            "--recipe",
            "mxfp6-e2m3",
            "--kernels",
            folder.resolve("kernels"),
            "--out",
            weights
        };
        refused(CommandRun.of(words), 2, "choose one of them with --target");
        Object[] targeted = Arrays.copyOf(words, words.length + 2);
        targeted[words.length] = "--target";
        targeted[words.length + 1] = "sm_86";
        CommandRun written = CommandRun.of(targeted);
        assertThat(written.code()).as(written.err()).isZero();
        assertThat(weights).isNotEmptyFile();
        refused(CommandRun.of(targeted), 1, "exists");
    }

    @Test
    void whatCannotBeExportedIsRefused() {
        refused(export("--target", "cpu", "--spec", GEMM), 2, "choose a GPU target");
        refused(export("--target", "sm_80", "--spec", "silumul/v9"), 2, "silumul");
        refused(export("--target", "sm_80", "--spec", SILU, "--shape", "m1,k32"), 2, "is not one of");
        refused(
                export("--target", "sm_80", "--gpu", "mine", "--spec", GEMM, "--shape", "m1,n32,k32"),
                1,
                "no wisdom about");
        refused(export("--target", "sm_80", "--spec", GEMM, "--algorithm", "wgmma_fragments"), 2, "sm_90a");
        refused(export("--target", "sm_80", "--model", Fixtures.folder("fx-llama")), 1, "name a recipe");
        refused(
                export("--target", "sm_80", "--model", Fixtures.folder("fx-llama"), "--recipe", "micromix"),
                1,
                "calibrat");
        refused(CommandRun.of("kernels", "verify", folder.resolve("none")), 1, "there is no folder");
        assertThat(folder).isEmptyDirectory();
    }

    private static void refused(CommandRun run, int code, String message) {
        assertThat(run.err()).contains(message);
        assertThat(run.code()).isEqualTo(code);
    }
}
