package org.mxforge.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script that starts the program, beside a jar of its own and with a java that tells how it was called. */
class StartScriptTest {
    private static final Path SCRIPT = Path.of("..", "runtime", "src", "main", "sh", "mxforge");

    @TempDir
    private Path folder;

    private Path home;

    @BeforeEach
    void install() throws IOException {
        folder = folder.toRealPath();
        home = Files.createDirectory(folder.resolve("a home"));
        Files.copy(SCRIPT, home.resolve("mxforge"));
        Files.createFile(home.resolve("mxforge.jar"));
        Path java = Files.createDirectories(folder.resolve("jdk/bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\necho \"LC_ALL=${LC_ALL:-}\"\nprintf '<%s>' \"$@\"\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
    }

    private String run(Path program, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("sh", program.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder shell =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        shell.environment().remove("LC_ALL");
        shell.environment().put("LANG", "C.UTF-8");
        shell.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
        shell.environment().putAll(environment);
        Process process = shell.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said;
    }

    @Test
    void itFindsItsJarThroughLinks() throws IOException, InterruptedException {
        Path bin = Files.createDirectories(folder.resolve("usr/bin"));
        Files.createSymbolicLink(folder.resolve("usr/mx"), Path.of("../a home/mxforge"));
        Files.createSymbolicLink(bin.resolve("mxforge"), Path.of("../mx"));
        Map<String, String> temporary = Map.of("TMPDIR", "/else where");
        String wanted = "<-XX:MaxRAMPercentage=75><-XX:ErrorFile=/else where/mxforge-crash-%p.log><-jar><"
                + home.resolve("mxforge.jar") + ">";
        assertThat(run(bin.resolve("mxforge"), temporary, "a b", "*", "@c", ""))
                .isEqualTo("LC_ALL=\n" + wanted + "<a b><*><@c><>");
        assertThat(run(Path.of("usr/mx"), temporary)).contains(wanted);
    }

    @Test
    void optionsOfTheUserAreForJava() throws IOException, InterruptedException {
        assertThat(run(home.resolve("mxforge"), Map.of("MXFORGE_JAVA_OPTIONS", "-Xmx8g -Da=b"), "doctor"))
                .contains("<-Xmx8g><-Da=b><-jar>", "<doctor>");
    }

    @Test
    void anotherLocaleIsReplaced() throws IOException, InterruptedException {
        assertThat(run(home.resolve("mxforge"), Map.of("LC_ALL", "C"))).startsWith("LC_ALL=C.UTF-8\n");
    }

    @Test
    void whatIsMissingIsSaid() throws IOException, InterruptedException {
        assertThat(run(home.resolve("mxforge"), Map.of("JAVA_HOME", "/nowhere")))
                .startsWith("mxforge: there is no program /nowhere/bin/java");
        Files.delete(home.resolve("mxforge.jar"));
        assertThat(run(home.resolve("mxforge"), Map.of())).startsWith("mxforge: there is no " + home);
    }
}
