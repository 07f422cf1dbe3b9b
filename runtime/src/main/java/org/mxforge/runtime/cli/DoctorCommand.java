package org.mxforge.runtime.cli;

import java.util.concurrent.Callable;
import org.mxforge.runtime.base.cache.ArtifactCache;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code mxforge doctor}: what was found on this machine. Finding nothing is an answer, not a failure. */
@Command(
        name = "doctor",
        description = "Shows what was found on this machine: JDK, NVRTC, driver, GPU and caches.",
        footer = {"", "Example:", "  mxforge doctor --json"})
final class DoctorCommand implements Callable<Integer> {
    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        Console console = output.console();
        Diagnosis diagnosis = Diagnosis.of(ArtifactCache.user().root());
        diagnosis.lines().forEach(console::line);
        console.document(diagnosis.json());
        return 0;
    }
}
