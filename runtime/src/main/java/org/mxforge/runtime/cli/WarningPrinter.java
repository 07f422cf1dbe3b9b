package org.mxforge.runtime.cli;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.mxforge.runtime.cli.console.Printable;

/** Prints what the program logs as a warning, one clean line each, to standard error; anything less is dropped. */
final class WarningPrinter extends Handler {
    private final SimpleFormatter formatter = new SimpleFormatter();

    private WarningPrinter() {}

    static void install() {
        LogManager.getLogManager().reset();
        Logger.getLogger("").addHandler(new WarningPrinter());
    }

    @Override
    public void publish(LogRecord entry) {
        if (entry.getLevel().intValue() >= Level.WARNING.intValue()) {
            System.err.println("mxforge: warning: " + Printable.sentence(formatter.formatMessage(entry)));
        }
    }

    @Override
    public void flush() {
        System.err.flush();
    }

    @Override
    public void close() {
        flush();
    }
}
