package org.mxforge.dsl.spec;

/**
 * Rotary position embedding of [rows][heads][head]: halves (i, i + head/2) of each head are rotated by the angle of the row's
 * position, INT32 [rows], taken from FP32 tables cos and sin [positions][head/2] (the half-split form of Hugging Face checkpoints). x is FP32
 * and y BF16, so that queries and keys are rounded once, after the rotation.
 */
public record RopeSpec() implements KernelSpec {
    public static final String STEM = "rope";

    @Override
    public String stem() {
        return STEM;
    }

    @Override
    public String text() {
        return SpecText.write(STEM);
    }

    /** Reads the fields of {@link #text()}. */
    public static RopeSpec read(SpecText fields) {
        return new RopeSpec();
    }
}
