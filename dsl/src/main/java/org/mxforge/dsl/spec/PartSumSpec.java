package org.mxforge.dsl.spec;

/**
 * y += x_0 + x_1 + ..., all FP32 [rows][columns], one after the other: ((y + x_0) + x_1) + ... What GPUs that share a model add to their
 * residual streams; the order is the same on each, and so are the bits.
 *
 * @param parts how many are added, 2 to 8
 */
public record PartSumSpec(int parts) implements KernelSpec {
    public static final String STEM = "partsum";

    private static final int MOST = 8;

    public PartSumSpec {
        if (parts < 2 || parts > MOST) {
            throw new IllegalArgumentException(STEM + " adds 2 to " + MOST + " parts, not " + parts);
        }
    }

    @Override
    public String stem() {
        return STEM;
    }

    @Override
    public String text() {
        return SpecText.write(STEM, "parts", Integer.toString(parts));
    }

    /** Reads the fields of {@link #text()}. */
    public static PartSumSpec read(SpecText fields) {
        return new PartSumSpec(fields.number("parts"));
    }
}
