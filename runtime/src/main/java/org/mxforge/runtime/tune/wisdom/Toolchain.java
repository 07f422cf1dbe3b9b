package org.mxforge.runtime.tune.wisdom;

/**
 * What makes and runs kernels, beside the kernels themselves.
 *
 * @param tool version of MXForge
 * @param compiler what compiles them, such as {@code NVRTC 12.9} or {@code javac 17.0.15}
 * @param options options of the compiler, joined by spaces; empty when there are none
 * @param driver what runs them, such as {@code NVIDIA 580.159.04, CUDA 13.0} or the name of a Java VM
 */
public record Toolchain(String tool, String compiler, String options, String driver) {
    /** Whether both make the same machine code of the same source. Tool and driver take no part in that. */
    public boolean compilesLike(Toolchain other) {
        return compiler.equals(other.compiler) && options.equals(other.options);
    }
}
