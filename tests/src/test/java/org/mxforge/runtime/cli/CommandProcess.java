package org.mxforge.runtime.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs the program in a process of its own, with a cache folder of its own: for commands that change what the user has. */
final class CommandProcess {
    private CommandProcess() {}

    static CommandRun of(Path cache, Object... arguments) throws IOException, InterruptedException {
        return of(cache, Map.of(), arguments);
    }

    /** With variables of the environment beside those that this process has. */
    static CommandRun of(Path cache, Map<String, String> environment, Object... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                String.join(File.separator, System.getProperty("java.home"), "bin", "java"),
                "-cp",
                System.getProperty("java.class.path"),
                MxForge.class.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        Files.createDirectories(cache);
        Path out = Files.createTempFile(cache.getParent(), "out", ".txt");
        Path err = Files.createTempFile(cache.getParent(), "err", ".txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().put("MXFORGE_CACHE", cache.toString());
        builder.environment().putAll(environment);
        int code = builder.start().waitFor();
        return new CommandRun(
                code, Files.readString(out, StandardCharsets.UTF_8), Files.readString(err, StandardCharsets.UTF_8));
    }
}
