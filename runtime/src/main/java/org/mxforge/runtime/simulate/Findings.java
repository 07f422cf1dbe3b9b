package org.mxforge.runtime.simulate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mxforge.runtime.simulate.ptx.CodeLine;

/** Collects what a launch does wrong: one finding for each kind and instruction, however often it happens. */
final class Findings {
    private record Place(Finding.Kind kind, int instruction) {}

    private final String kernel;
    private final Map<Place, Finding> found = new LinkedHashMap<>();

    Findings(String kernel) {
        this.kernel = kernel;
    }

    /** Whether the instruction that {@code warp} is at did this. */
    boolean has(Finding.Kind kind, Warp warp) {
        return found.containsKey(new Place(kind, warp.at()));
    }

    /** Whether the instruction that {@code warp} is at did this before: then nobody needs to put it into words. */
    boolean again(Finding.Kind kind, Warp warp) {
        return found.computeIfPresent(new Place(kind, warp.at()), (place, finding) -> finding.again()) != null;
    }

    /** Notes what the instruction that {@code warp} is at did. */
    void add(Finding.Kind kind, Warp warp, String message) {
        if (!again(kind, warp)) {
            CodeLine line = warp.line();
            found.put(
                    new Place(kind, warp.at()),
                    new Finding(kind, kernel, line.ptx(), line.cuda(), line.callers(), 1, message));
        }
    }

    List<Finding> all() {
        return List.copyOf(found.values());
    }
}
