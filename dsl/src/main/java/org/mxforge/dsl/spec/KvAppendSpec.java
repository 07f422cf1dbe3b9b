package org.mxforge.dsl.spec;

/**
 * Takes queries, keys and values apart, FP32 [rows][heads + 2 kvHeads][head] from one product: queries and keys are rotated, which
 * queries leave as BF16 [rows][heads][head]; keys and values are put into a key/value cache in
 * {@link org.mxforge.dsl.layout.CachePages}, each row at its position of its sequence.
 *
 * <p>Rotation turns the halves (i, i + head/2) of each head by the angle of the row's position, INT32 [rows], taken from FP32 tables cos
 * and sin [positions][head/2] (the half-split form of Hugging Face checkpoints). Everything is rounded once, at the end.
 *
 * @param headNorms whether each head of the queries and keys goes through a norm as by {@link RmsNormSpec} before it is rotated
 */
public record KvAppendSpec(boolean headNorms) implements KernelSpec {
    public static final String STEM = "kvappend";

    private static final String NORMED = "normed";
    private static final String PLAIN = "plain";

    @Override
    public String stem() {
        return STEM;
    }

    @Override
    public String text() {
        return SpecText.write(STEM, "heads", headNorms ? NORMED : PLAIN);
    }

    /** Reads the fields of {@link #text()}. */
    public static KvAppendSpec read(SpecText fields) {
        String heads = fields.next("heads");
        if (!heads.equals(NORMED) && !heads.equals(PLAIN)) {
            throw new IllegalArgumentException("unknown heads '" + heads + "': use " + PLAIN + " or " + NORMED);
        }
        return new KvAppendSpec(heads.equals(NORMED));
    }
}
