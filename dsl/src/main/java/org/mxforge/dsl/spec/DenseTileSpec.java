package org.mxforge.dsl.spec;

/**
 * Rows of BF16, [rows][channels], laid out in the tiles that wgmma multiplies ({@link org.mxforge.dsl.layout.Bf16Tile}), channels
 * padded with zeros: what plain activations go through before a product, and plain weights once.
 */
public record DenseTileSpec() implements KernelSpec {
    public static final String STEM = "densetile";

    @Override
    public String stem() {
        return STEM;
    }

    @Override
    public String text() {
        return SpecText.write(STEM);
    }

    /** Reads the fields of {@link #text()}. */
    public static DenseTileSpec read(SpecText fields) {
        return new DenseTileSpec();
    }
}
