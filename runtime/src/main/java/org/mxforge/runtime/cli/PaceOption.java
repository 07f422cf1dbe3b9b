package org.mxforge.runtime.cli;

import org.mxforge.runtime.bench.Pace;
import picocli.CommandLine.Option;

/** The option that says how the card is found when it is timed. */
final class PaceOption {
    @Option(
            names = "--burst",
            description = "Time 4 ms after a pause of 0.4 s instead of 120 ms under full load, as gemm_peers.py does.")
    private boolean burst;

    Pace pace() {
        return burst ? Pace.BURST : Pace.SUSTAINED;
    }
}
