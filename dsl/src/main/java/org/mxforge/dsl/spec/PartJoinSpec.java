package org.mxforge.dsl.spec;

/**
 * y = [x_0 x_1 ...], BF16, the parts side by side: what each of the GPUs that share a model has of some activations, brought together.
 *
 * @param parts how many are joined, 2 to 8
 */
public record PartJoinSpec(int parts) implements PartsSpec {
    public static final String STEM = "partjoin";

    public PartJoinSpec {
        PartsSpec.check(STEM, parts);
    }

    @Override
    public String stem() {
        return STEM;
    }

    /** Reads the fields of {@link #text()}. */
    public static PartJoinSpec read(SpecText fields) {
        return new PartJoinSpec(fields.number("parts"));
    }
}
