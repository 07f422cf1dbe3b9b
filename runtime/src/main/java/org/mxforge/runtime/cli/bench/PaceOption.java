package org.mxforge.runtime.cli.bench;

import java.util.List;
import picocli.CommandLine.Option;

/** The option that says how the card is found when it is timed. */
final class PaceOption {
    @Option(
            names = "--pace",
            paramLabel = "PACE",
            split = ",",
            defaultValue = "sustained",
            description = {
                "sustained (120 ms under full load) or burst (4 ms after a pause of 0.4 s, its lines end in _burst), or both;"
                        + " default ${DEFAULT-VALUE}."
            })
    private List<String> paces;

    /** @throws IllegalArgumentException naming what is no pace */
    List<Pace> paces() {
        return paces.stream().map(Pace::parse).toList();
    }
}
