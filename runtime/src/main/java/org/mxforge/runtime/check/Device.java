package org.mxforge.runtime.check;

import java.util.Locale;

/** Where a kernel runs. */
public enum Device {
    /** Its PTX is interpreted; findings are part of the outcome. */
    SIMULATOR,
    /** The first GPU. */
    GPU,
    /** The host, for kernels of the CPU target. */
    CPU;

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads {@link #text}.
     *
     * @throws IllegalArgumentException naming those that there are
     */
    public static Device parse(String text) {
        return Texts.parse(values(), Device::text, text, "device");
    }

    @Override
    public String toString() {
        return text();
    }
}
