package org.mxforge.runtime.simulate;

import java.util.ArrayList;
import java.util.List;

/**
 * What one launch did.
 *
 * @param instructions instructions of all warps
 * @param sharedTurns turns that the banks of shared memory needed
 * @param fewestSharedTurns turns without conflicts of banks
 * @param sectors sectors of 32 bytes of global memory that accesses touched
 * @param fewestSectors sectors that would hold what they wanted
 * @param findings what it did wrong, in the order of their first time
 */
public record Simulation(
        long instructions,
        long sharedTurns,
        long fewestSharedTurns,
        long sectors,
        long fewestSectors,
        List<Finding> findings) {
    public Simulation {
        findings = List.copyOf(findings);
    }

    /** The same, with more findings. */
    public Simulation with(List<Finding> more) {
        List<Finding> all = new ArrayList<>(findings);
        all.addAll(more);
        return new Simulation(instructions, sharedTurns, fewestSharedTurns, sectors, fewestSectors, all);
    }
}
