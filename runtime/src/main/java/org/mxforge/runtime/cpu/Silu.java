package org.mxforge.runtime.cpu;

/** x / (1 + e^-x). */
public final class Silu {
    private Silu() {}

    public static float of(float x) {
        return (float) (x / (1 + Math.exp(-x)));
    }
}
