package org.mxforge.dsl.spec;

/**
 * y = [x_0 x_1 ...], BF16, the parts side by side: what each of the GPUs that share a model has of some activations, brought together.
 *
 * @param parts how many are joined, 2 to 8
 */
public record PartJoinSpec(int parts) implements KernelSpec {
    public static final String STEM = "partjoin";

    private static final int MOST = 8;

    public PartJoinSpec {
        if (parts < 2 || parts > MOST) {
            throw new IllegalArgumentException(STEM + " joins 2 to " + MOST + " parts, not " + parts);
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
    public static PartJoinSpec read(SpecText fields) {
        return new PartJoinSpec(fields.number("parts"));
    }
}
