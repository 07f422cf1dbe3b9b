package org.mxforge.runtime.cli.console;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The option {@code --json} of commands whose output is data. */
public final class OutputOptions {
    /** Its name. */
    public static final String JSON = "--json";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    private boolean json;
    private Console console;

    /** Called for each command line that is read, so that each has a console of its own. */
    @Option(names = JSON, description = "Print one JSON document instead of text, and no progress.")
    void json(boolean wanted) {
        json = wanted;
        console = null;
    }

    /** Where the command prints: one console, which knows what it has printed. */
    public Console console() {
        if (console == null) {
            console = new Console(
                    command.commandLine().getOut(), command.commandLine().getErr(), json);
        }
        return console;
    }
}
