package org.mxforge.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.runtime.base.MxForgeException;

/** In a locale that cannot express what was typed, nothing else is read in its place. */
class ShellTextTest {
    private static final String[] NONE = {};

    @TempDir
    private Path folder;

    @Test
    void whatIsAsciiOrInAUtf8LocaleIsTaken() {
        new ShellText("ANSI_X3.4-1968").check(new String[] {"generate", "--prompt", "cafe"}, Map.of("a", "/tmp"));
        new ShellText("UTF-8").check(new String[] {"caf\u00e9", "\u4f60\u597d", "\ufffd"}, Map.of("a", "/caf\u00e9"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ANSI_X3.4-1968", "ISO-8859-1", "US-ASCII"})
    void whatIsNotIsRefused(String encoding) {
        ShellText shell = new ShellText(encoding);
        assertThatThrownBy(() -> shell.check(new String[] {"x", "caf\ufffd\ufffd"}, Map.of()))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContainingAll("'caf??'", "UTF-8 locale", "LC_ALL=C.UTF-8", encoding);
        assertThatThrownBy(() -> shell.check(NONE, Map.of("the variable MXFORGE_CACHE", "/caf\u00e9")))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContainingAll("MXFORGE_CACHE", "UTF-8 locale");
    }

    @ParameterizedTest
    @ValueSource(strings = {"C", "POSIX"})
    void aPromptIsRefusedInTheLocaleC(String locale) throws IOException, InterruptedException {
        String said = run(locale, "generate", "--model", folder.toString(), "--prompt", "caf\u00e9", "--json");
        assertThat(said).contains("mxforge: the argument 'caf??'", "UTF-8 locale", "\"exit_code\" : 1");
    }

    /** The folder that the program runs in is part of every relative path. */
    @Test
    void aFolderIsRefusedInTheLocaleC() throws IOException, InterruptedException {
        folder = Files.createDirectory(folder.resolve("caf\u00e9"));
        assertThat(run("C", "doctor"))
                .startsWith("mxforge: the folder user.dir")
                .contains("UTF-8 locale");
    }

    @Test
    void bytesThatAreNotUtf8AreRefusedInAUtf8Locale() throws IOException, InterruptedException {
        assertThat(run("C.UTF-8", "generate", "--model", "x", "--prompt", "BYTES"))
                .isEqualToIgnoringNewLines("mxforge: an argument is not valid UTF-8, which the locale says that it is:"
                        + " give it in UTF-8");
    }

    /** A shell makes the bytes, whatever the locale of this process can express. */
    private String run(String locale, String... arguments) throws IOException, InterruptedException {
        StringBuilder script = new StringBuilder("exec java -Xshare:auto -cp \"$CP\" " + MxForge.class.getName());
        for (String argument : arguments) {
            script.append(" \"$(printf '");
            for (byte b : argument.equals("BYTES")
                    ? new byte[] {'c', (byte) 0xe9}
                    : argument.getBytes(StandardCharsets.UTF_8)) {
                script.append('\\')
                        .append(Integer.toOctalString(0x200 | b & 0xff).substring(1));
            }
            script.append("')\"");
        }
        ProcessBuilder shell = new ProcessBuilder(List.of("sh", "-c", script.toString())).redirectErrorStream(true);
        shell.directory(folder.toFile());
        shell.environment().put("LC_ALL", locale);
        shell.environment().put("CP", classPath());
        shell.environment()
                .merge(
                        "PATH",
                        Path.of(System.getProperty("java.home"), "bin").toString(),
                        (path, bin) -> bin + ":" + path);
        Process process = shell.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isEqualTo(1);
        return said;
    }

    /** As absolute paths, since the process runs elsewhere. */
    private static String classPath() {
        return String.join(
                ":",
                List.of(System.getProperty("java.class.path").split(":")).stream()
                        .map(entry -> Path.of(entry).toAbsolutePath().toString())
                        .toList());
    }
}
