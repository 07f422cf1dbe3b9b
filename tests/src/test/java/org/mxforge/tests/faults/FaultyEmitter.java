package org.mxforge.tests.faults;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.tools.ToolProvider;
import org.mxforge.runtime.base.process.JavaProcess;

/**
 * Emits kernels with a fault and checks them: in a process whose class path begins with the faulty file, so that nothing else is another than
 * usual, the oracle included.
 *
 * @param folder its own
 */
record FaultyEmitter(Path folder) {
    private static final Path SOURCES = Path.of("../codegen/src/main/java");
    private static final int MOST_SECONDS = 300;

    /**
     * The file of {@code fault} with it.
     *
     * @throws AssertionError if its text is not there exactly once
     */
    static String planted(Fault fault) throws IOException {
        String text =
                fault.isInEmitter() ? Files.readString(SOURCES.resolve(fault.path())) : Fault.resource(fault.path());
        int at = text.indexOf(fault.right());
        if (at < 0 || text.indexOf(fault.right(), at + 1) >= 0) {
            throw new AssertionError("The fault '" + fault.name() + "' cannot be put into " + fault.file() + ", where '"
                    + fault.right() + "' is " + (at < 0 ? "no more" : "more than once")
                    + ": give faults.txt the text that is there now.");
        }
        return text.replace(fault.right(), fault.wrong());
    }

    /** What the kernels of {@code fault} show, up to the first with something wrong. */
    List<FaultProbe.Found> check(Fault fault) throws IOException, InterruptedException {
        Path file = folder.resolve(fault.path());
        Files.createDirectories(file.getParent());
        Files.writeString(file, planted(fault));
        if (fault.isInEmitter()) {
            compile(file);
        }
        List<String> kernels = fault.kernels().stream().map(Enum::name).toList();
        Path answer = folder.resolve("answer.txt");
        Path errors = folder.resolve("errors.txt");
        Process process = program(kernels)
                .redirectOutput(answer.toFile())
                .redirectError(errors.toFile())
                .start();
        if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            throw new AssertionError("Checking " + kernels + " takes more than " + MOST_SECONDS + " seconds.");
        }
        if (process.exitValue() != 0) {
            throw new AssertionError(kernels + " could not be checked: " + Files.readString(errors));
        }
        return FaultProbe.Found.read(Files.readString(answer));
    }

    private ProcessBuilder program(List<String> kernels) {
        ProcessBuilder builder = JavaProcess.running(FaultProbe.class, "1g", kernels);
        List<String> command = new ArrayList<>(builder.command());
        int path = command.indexOf("-cp") + 1;
        command.set(path, folder + File.pathSeparator + command.get(path));
        // It is over before better code would pay.
        command.addAll(1, List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        return builder.command(command);
    }

    private void compile(Path file) {
        OutputStream said = new ByteArrayOutputStream();
        String path = System.getProperty("java.class.path");
        int result = ToolProvider.getSystemJavaCompiler()
                .run(null, said, said, "-proc:none", "-nowarn", "-cp", path, "-d", "" + folder, "" + file);
        if (result != 0) {
            throw new AssertionError("The faulty " + file.getFileName() + " does not compile: " + said);
        }
    }
}
