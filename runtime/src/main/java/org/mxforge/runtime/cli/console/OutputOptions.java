package org.mxforge.runtime.cli.console;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The option {@code --json} of commands whose output is data. */
public final class OutputOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--json", description = "Print one JSON document instead of text, and no progress.")
    private boolean json;

    public Console console() {
        return new Console(command.commandLine().getOut(), command.commandLine().getErr(), json);
    }
}
