package org.mxforge.runtime.cli.wisdom;

import picocli.CommandLine.Command;

/** {@code mxforge wisdom}: what tuning has found out, to be looked at and looked after. */
@Command(
        name = "wisdom",
        description = "Lists, shows, merges, prunes and verifies what tuning has found out.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            WisdomListCommand.class,
            WisdomShowCommand.class,
            WisdomMergeCommand.class,
            WisdomPruneCommand.class,
            WisdomVerifyCommand.class
        })
public final class WisdomCommand {}
