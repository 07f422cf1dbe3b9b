package org.mxforge.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.runtime.BundledModel;
import picocli.CommandLine;

/** What cannot be written is no success, and ends the work for it. */
class StandardOutputTest {
    @TempDir
    private Path folder;

    private int code;

    /** Takes so many writes. */
    private static final class Limited extends OutputStream {
        private final List<String> taken = new ArrayList<>();
        private final int most;

        private Limited(int most) {
            this.most = most;
        }

        @Override
        public void write(int value) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (taken.size() == most) {
                throw new IOException("No space left on device");
            }
            taken.add(new String(bytes, offset, length, StandardCharsets.UTF_8));
        }
    }

    private String run(Limited out, Object... arguments) {
        StringWriter err = new StringWriter();
        String[] words = List.of(arguments).stream().map(Object::toString).toArray(String[]::new);
        CommandLine program = MxForge.commandLine()
                .setOut(new PrintWriter(new StandardOutput(out, false), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(err, true));
        code = program.execute(words);
        return err.toString();
    }

    /** A thousand tokens would be as many writes. */
    @Test
    void generationEnds() {
        Limited out = new Limited(2);
        Path model = BundledModel.checkpoint(folder);
        assertThat(run(
                        out,
                        "generate",
                        "--model",
                        model,
                        "--prompt",
                        "The history",
                        "--tokens",
                        "1000",
                        "--device",
                        "cpu",
                        "--tune",
                        "off"))
                .isEqualToIgnoringNewLines("mxforge: standard output cannot be written: No space left on device");
        assertThat(out.taken).hasSize(2);
        assertThat(code).isEqualTo(74);
    }

    @ParameterizedTest
    @ValueSource(strings = {"kernels list --json", "kernels list", "--help", "--version", "quantize --help", "doctor"})
    void everyCommandFails(String command) {
        assertThat(run(new Limited(0), (Object[]) command.split(" "))).contains("No space left on device");
        assertThat(code).isEqualTo(74);
    }

    /** What went wrong first is what counts. */
    @Test
    void aFailureThatCannotBeWrittenIsStillTold() {
        assertThat(run(new Limited(0), "nonsense", "--json"))
                .startsWith("mxforge: unknown command")
                .hasLineCount(1);
        assertThat(code).isEqualTo(2);
        assertThat(run(new Limited(0), "wisdom", "verify", folder, "--json"))
                .contains("is a folder")
                .hasLineCount(1);
        assertThat(code).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"kernels list --json", "--version"})
    void aFullDiskIsTold(String command) throws IOException, InterruptedException {
        assertThat(shell("\"$JAVA\" -cp \"$CP\" " + MxForge.class.getName() + " " + command + " > /dev/full"))
                .isEqualToIgnoringNewLines("mxforge: standard output cannot be written: No space left on device, 74");
    }

    /** Without a word, and with the code that a shell gives to programs that end so. */
    @Test
    void aClosedPipeIsNotTold() throws IOException, InterruptedException {
        String script =
                "{ \"$JAVA\" -cp \"$CP\" " + MxForge.class.getName() + " kernels list; echo \", $?\" >&2; } | true";
        // The reader has gone long before the first line is there.
        assertThat(shell(script)).startsWith(", 141");
    }

    /** What it said on standard error, and its exit code. */
    private static String shell(String script) throws IOException, InterruptedException {
        ProcessBuilder shell = new ProcessBuilder(List.of("sh", "-c", script + "; echo \", $?\" >&2"));
        shell.environment().put("CP", System.getProperty("java.class.path"));
        shell.environment()
                .put(
                        "JAVA",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString());
        Process process = shell.start();
        String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said;
    }
}
