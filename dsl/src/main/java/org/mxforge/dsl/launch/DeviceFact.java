package org.mxforge.dsl.launch;

import org.mxforge.dsl.space.Expression;

/** What launch geometry may depend on beside the arguments: told by the GPU that a kernel is launched on. */
public enum DeviceFact {
    /** Streaming multiprocessors. */
    MULTIPROCESSORS("multiprocessors"),
    /** Shared memory of a multiprocessor, in bytes. */
    SHARED_MEMORY_PER_MULTIPROCESSOR("sharedMemoryPerMultiprocessor");

    private final String text;

    DeviceFact(String text) {
        this.text = text;
    }

    /** The name of the variable that stands for it in expressions: {@code device.} and its name. */
    public String variableName() {
        return "device." + text;
    }

    /** The variable that stands for it. */
    public Expression variable() {
        return Expression.variable(variableName());
    }
}
