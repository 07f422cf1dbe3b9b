package org.mxforge.codegen.cuda;

import org.mxforge.codegen.template.OutputModel;
import org.mxforge.codegen.template.TemplateGroup;

/**
 * A kernel of one thread that measures the clock of its multiprocessor, to be launched right after what is timed. It takes the address
 * of two 64-bit numbers and writes clock cycles and the nanoseconds they took. No variant of a spec: it computes nothing.
 *
 * @param name entry point
 * @param nanoseconds how long it spins
 */
public record ClockProbe(String name, int nanoseconds) implements OutputModel {
    /** Long beside the grain of the GPU's timer, short beside what it follows. */
    public static final ClockProbe STANDARD = new ClockProbe("clock_probe", 50_000);

    /** Its CUDA C++, for every target with a GPU. */
    public String text() {
        return "// GENERATED for measuring; do not edit\n"
                + TemplateGroup.of("device/clockprobe").render(this) + "\n";
    }
}
