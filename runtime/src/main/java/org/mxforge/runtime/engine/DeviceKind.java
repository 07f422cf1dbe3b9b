package org.mxforge.runtime.engine;

import java.util.Locale;

/** Which device a user asks for. */
public enum DeviceKind {
    CPU,
    GPU,
    /** The GPU when there is one that can be used, else the CPU. */
    AUTO;

    /** The word on the command line, such as {@code auto}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** CPU or GPU, as this machine decides. */
    DeviceKind resolved() {
        return this == AUTO ? (GpuPresence.usable() ? GPU : CPU) : this;
    }
}
