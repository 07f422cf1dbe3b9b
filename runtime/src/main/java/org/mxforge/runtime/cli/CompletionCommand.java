package org.mxforge.runtime.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code mxforge completion}: lets a shell complete commands, options and values. */
@Command(
        name = "completion",
        description = "Prints a script that lets bash and zsh complete commands, options and values.",
        footer = {
            "",
            "Examples, for this shell and for all to come:",
            "  source <(mxforge completion)",
            "  mxforge completion > ~/.local/share/bash-completion/completions/mxforge"
        })
final class CompletionCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        command.commandLine()
                .getOut()
                .println(AutoComplete.bash(command.root().name(), command.root().commandLine()));
        return 0;
    }
}
