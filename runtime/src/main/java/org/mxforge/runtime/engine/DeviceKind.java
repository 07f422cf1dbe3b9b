package org.mxforge.runtime.engine;

/** Which device a user asks for. */
public enum DeviceKind {
    CPU,
    GPU,
    /** The GPU when there is one that can be used, else the CPU. */
    AUTO;

    /** CPU or GPU, as this machine decides. */
    DeviceKind resolved() {
        return this == AUTO ? (GpuPresence.usable() ? GPU : CPU) : this;
    }
}
