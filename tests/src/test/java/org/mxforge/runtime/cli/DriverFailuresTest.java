package org.mxforge.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.runtime.model.Fixtures;

/** What commands do where there is a driver that does not start, or one without a GPU: a library of the driver's name stands in for it. */
class DriverFailuresTest {
    /** {@code CUDA_ERROR_SYSTEM_DRIVER_MISMATCH}: the kernel's part of the driver is of another version. */
    private static final int MISMATCH = 803;

    /** {@code CUDA_ERROR_NO_DEVICE}. */
    private static final int NO_DEVICE = 100;

    private static final String REASON = "No CUDA GPU was found (the NVIDIA driver is not ready; reboot or restart its "
            + "services (CUDA_ERROR_SYSTEM_DRIVER_MISMATCH, code 803)): use --device cpu.";

    @TempDir
    Path folder;

    @Test
    void autoSaysWhyItTakesTheCpu() throws IOException, InterruptedException {
        Path out = folder.resolve("logits.safetensors");
        CommandRun run = run(MISMATCH, logits("auto", out));
        assertThat(run.err()).contains("the CPU is used: " + REASON);
        assertThat(run.code()).isZero();
        assertThat(out).isNotEmptyFile();
    }

    @Test
    void autoTakesTheCpuWithoutAWordWhereTheDriverHasNoGpu() throws IOException, InterruptedException {
        Path out = folder.resolve("logits.safetensors");
        CommandRun run = run(NO_DEVICE, logits("auto", out));
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        assertThat(out).isNotEmptyFile();
    }

    @Test
    void aGpuThatIsAskedForIsRefused() throws IOException, InterruptedException {
        Path out = folder.resolve("logits.safetensors");
        CommandRun run = run(MISMATCH, logits("gpu", out));
        assertThat(run.err()).isEqualToIgnoringNewLines("mxforge: " + REASON);
        assertThat(run.code()).isEqualTo(1);
        assertThat(out).doesNotExist();
    }

    /** The simulator alone would pass for the GPU. */
    @Test
    void kernelsAreNotCheckedBesideAGpuThatCannotBeUsed() throws IOException, InterruptedException {
        CommandRun run = run(MISMATCH, "kernels", "check", "softmax/v1");
        assertThat(run.err()).isEqualToIgnoringNewLines("mxforge: " + REASON);
        assertThat(run.out()).isEmpty();
        assertThat(run.code()).isEqualTo(1);
    }

    @Test
    void kernelsAreCheckedByTheSimulatorWhereTheDriverHasNoGpu() throws IOException, InterruptedException {
        CommandRun run = run(NO_DEVICE, "kernels", "check", "softmax/v1", "--layers", "bound");
        assertThat(run.out()).contains("right");
        assertThat(run.code()).isZero();
    }

    private static Object[] logits(String device, Path out) {
        Path model = Fixtures.folder("fx-llama");
        Path ids = model.resolve("expected.safetensors");
        return new Object[] {"logits", "--model", model, "--ids", ids, "--out", out, "--device", device, "--tune", "off"
        };
    }

    /** Runs a command beside a driver that starts with {@code code}. */
    private CommandRun run(int code, Object... arguments) throws IOException, InterruptedException {
        Path libraries = Files.createDirectory(folder.resolve("lib"));
        Path source = libraries.resolve("driver.c");
        Files.writeString(source, "int cuInit(unsigned flags) { return " + code + "; }");
        compile(source, libraries.resolve("libcuda.so.1"));
        return CommandProcess.of(folder.resolve("cache"), Map.of("LD_LIBRARY_PATH", libraries.toString()), arguments);
    }

    private static void compile(Path source, Path library) throws InterruptedException {
        int code;
        try {
            code = new ProcessBuilder("cc", "-shared", "-fPIC", "-o", library.toString(), source.toString())
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException e) {
            String absence = "DRIVERS THAT FAIL ARE NOT TRIED: there is no cc";
            System.err.println(absence);
            Assumptions.abort(absence);
            return;
        }
        assertThat(code).isZero();
    }
}
