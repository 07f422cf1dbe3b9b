package org.mxforge.dsl.layout;

/**
 * How a matrix is cut into groups that share a scale: {@code size} consecutive elements along K, and where their scales lie.
 *
 * @param size elements in a group; OCP MX v1.0 fixes it at 32
 * @param scales placement of the scales
 * @param relaxed whether folding may round elements that their container cannot hold exactly: bound by
 *     {@code 2^-4} of the element for E4M3 and E5M2 containers, or half the container's smallest step times the row's factor
 */
public record GroupLayout(int size, ScaleLayout scales, boolean relaxed) {
    /** Elements that share one scale in every format of OCP MX v1.0. */
    public static final int GROUP = 32;

    private static final String RELAXED = ".relaxed";

    /** The layout of checkpoints and of the CPU target. */
    public static final GroupLayout ROWS = new GroupLayout(GROUP, ScaleLayout.ROWS);

    /** The layout of the CUDA targets. */
    public static final GroupLayout TILED = new GroupLayout(GROUP, ScaleLayout.TILE128X4);

    /** The layout of sm_90a's FP8 tensor cores. */
    public static final GroupLayout FOLDED = new GroupLayout(GROUP, ScaleLayout.FOLDED);

    /** Exact on sm_90a whatever the scales, at half the rate. */
    public static final GroupLayout EXPANDED = new GroupLayout(GROUP, ScaleLayout.EXPANDED);

    /** The layout of sm_90a's FP8 tensor cores, with weights that stay packed. */
    public static final GroupLayout STREAMED = new GroupLayout(GROUP, ScaleLayout.STREAMED);

    public GroupLayout {
        if (size != GROUP) {
            throw new IllegalArgumentException("group size " + size + " is not an MX group: OCP MX v1.0 fixes 32");
        }
        if (scales == null) {
            throw new IllegalArgumentException("a group layout needs a scale layout");
        }
        if (relaxed && scales != ScaleLayout.FOLDED && scales != ScaleLayout.STREAMED) {
            throw new IllegalArgumentException("scale layout " + scales.text()
                    + " cannot be relaxed: only folding into FP8 rounds, and it does not");
        }
    }

    /** An exact layout. */
    public GroupLayout(int size, ScaleLayout scales) {
        this(size, scales, false);
    }

    /** The same layout, allowed to round. */
    public GroupLayout asRelaxed() {
        return new GroupLayout(size, scales, true);
    }

    /**
     * The same with another placement of the scales.
     *
     * @throws IllegalArgumentException if this layout may round and the placement has nothing to round
     */
    public GroupLayout withScales(ScaleLayout other) {
        return new GroupLayout(size, other, relaxed);
    }

    /** The token that spec texts use, such as {@code g32.tile128x4} or {@code g32.folded.relaxed}. */
    public String text() {
        return "g" + size + "." + scales.text() + (relaxed ? RELAXED : "");
    }

    /**
     * Reads {@link #text()}.
     *
     * @throws IllegalArgumentException naming the text and the form that is wanted
     */
    public static GroupLayout parse(String text) {
        boolean relaxed = text.endsWith(RELAXED);
        String plain = relaxed ? text.substring(0, text.length() - RELAXED.length()) : text;
        if (!plain.matches("g\\d{1,4}\\.[a-z0-9]+")) {
            throw new IllegalArgumentException(
                    "bad group layout '" + text + "': write it as g32.rows, g32.tile128x4 or g32.folded.relaxed");
        }
        int dot = plain.indexOf('.');
        return new GroupLayout(
                Integer.parseInt(plain.substring(1, dot)), ScaleLayout.parse(plain.substring(dot + 1)), relaxed);
    }
}
