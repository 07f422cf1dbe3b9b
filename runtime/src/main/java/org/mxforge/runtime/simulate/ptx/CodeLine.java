package org.mxforge.runtime.simulate.ptx;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Where an instruction is written.
 *
 * @param ptx line of the PTX, from 1
 * @param cuda line of the CUDA source, from 1; 0 if the compiler did not say
 * @param callers lines of the CUDA source that call the function it is in, the nearest first
 */
public record CodeLine(int ptx, int cuda, List<Integer> callers) {
    public CodeLine {
        callers = List.copyOf(callers);
    }

    @Override
    public String toString() {
        if (cuda == 0) {
            return "PTX line " + ptx;
        }
        String calls = callers.stream().map(String::valueOf).collect(Collectors.joining(", "));
        String called = callers.isEmpty() ? "" : ", called in " + (callers.size() == 1 ? "line " : "lines ") + calls;
        return "CUDA line " + cuda + called + " (PTX line " + ptx + ")";
    }
}
