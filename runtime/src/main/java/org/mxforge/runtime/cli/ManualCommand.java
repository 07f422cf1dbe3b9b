package org.mxforge.runtime.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.files.Publication;
import org.mxforge.runtime.base.files.UserOutput;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mxforge manual}: the pages that the build puts beside the program. */
@Command(
        name = "manual",
        hidden = true,
        description = "Writes a page for man about each command; pages that are there are replaced.",
        footer = {"", "Example:", "  mxforge manual man && man -M man mxforge-quantize"})
final class ManualCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Parameters(paramLabel = "FOLDER", description = "Pages go into its folder man1.")
    private Path folder;

    @Override
    public Integer call() {
        write(command.root().commandLine());
        return 0;
    }

    private void write(CommandLine subject) {
        ManualPage page = new ManualPage(subject.getCommandSpec());
        Path file = folder.resolve("man1").resolve(page.name() + ".1");
        try {
            Files.createDirectories(file.getParent());
            Publication.replaceFile(file, aside -> Files.writeString(aside, page.roff()));
        } catch (IOException e) {
            throw new MxForgeException("cannot write " + file + ": " + UserOutput.reason(e), e);
        }
        ManualPage.visible(subject.getCommandSpec()).forEach(this::write);
    }
}
