package org.mxforge.dsl.spec;

/**
 * y += x_0 + x_1 + ..., all FP32 [rows][columns], one after the other: ((y + x_0) + x_1) + ... What GPUs that share a model add to their
 * residual streams; the order is the same on each, and so are the bits.
 *
 * @param parts how many are added, 2 to 8
 */
public record PartSumSpec(int parts) implements PartsSpec {
    public static final String STEM = "partsum";

    public PartSumSpec {
        PartsSpec.check(STEM, parts);
    }

    @Override
    public String stem() {
        return STEM;
    }

    /** Reads the fields of {@link #text()}. */
    public static PartSumSpec read(SpecText fields) {
        return new PartSumSpec(fields.number("parts"));
    }
}
