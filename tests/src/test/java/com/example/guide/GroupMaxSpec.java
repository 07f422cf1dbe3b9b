package com.example.guide;

import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.SpecText;

/** y[m, g] = the largest magnitude among the {@code group} channels of group g in row m of x; BF16, row-major. */
public record GroupMaxSpec(int group) implements KernelSpec {
    public GroupMaxSpec {
        if (group < 16 || group > 256 || Integer.bitCount(group) != 1) {
            throw new IllegalArgumentException("there are no groups of " + group + ": use 16, 32, 64, 128 or 256");
        }
    }

    @Override
    public String stem() {
        return "groupmax";
    }

    @Override
    public String text() {
        return SpecText.write("groupmax", "group", String.valueOf(group));
    }

    /** What the kernel is launched with: x is BF16 [rows][columns], y BF16 [rows][columns / group]. */
    public record Arguments(int rows, int columns, long x, long y) {}
}
