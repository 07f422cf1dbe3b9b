package org.mxforge.runtime.cuda;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The arguments of one kernel launch, in the kernel's order. */
public final class KernelArguments {
    private final List<Number> values = new ArrayList<>();

    private KernelArguments() {}

    /** No arguments yet. */
    public static KernelArguments of() {
        return new KernelArguments();
    }

    /** A device address, 8 bytes; 0 is the null pointer. */
    public KernelArguments pointer(long address) {
        values.add(address);
        return this;
    }

    public KernelArguments int32(int value) {
        values.add(value);
        return this;
    }

    public KernelArguments float32(float value) {
        values.add(value);
        return this;
    }

    /** What was added so far: a {@link Long} for a device address, an {@link Integer} or a {@link Float}. */
    public List<Number> values() {
        return Collections.unmodifiableList(values);
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
