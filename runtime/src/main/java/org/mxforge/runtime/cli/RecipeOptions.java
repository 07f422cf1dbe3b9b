package org.mxforge.runtime.cli;

import org.mxforge.runtime.engine.Engine;
import org.mxforge.runtime.model.Checkpoint;

/** The options that quantize a plain checkpoint while it is loaded. */
@picocli.CommandLine.Command
final class RecipeOptions {
    Checkpoint apply(Checkpoint checkpoint, Engine engine, Console console) {
        return checkpoint;
    }

    String text() {
        return "";
    }
}
