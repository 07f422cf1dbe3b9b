package org.mxforge.dsl.layout;

/**
 * How a matrix is cut into groups that share a scale: {@code size} consecutive elements along K, and where their scales lie.
 *
 * @param size elements in a group; OCP MX v1.0 fixes it at 32
 * @param scales placement of the scale bytes
 */
public record GroupLayout(int size, ScaleLayout scales) {
    /** Elements that share one scale in every format of OCP MX v1.0. */
    public static final int GROUP = 32;

    /** The layout of checkpoints and of the CPU target. */
    public static final GroupLayout ROWS = new GroupLayout(GROUP, ScaleLayout.ROWS);

    /** The layout of the CUDA targets. */
    public static final GroupLayout TILED = new GroupLayout(GROUP, ScaleLayout.TILE128X4);

    public GroupLayout {
        if (size != GROUP) {
            throw new IllegalArgumentException("group size " + size + " is not an MX group: OCP MX v1.0 fixes 32");
        }
        if (scales == null) {
            throw new IllegalArgumentException("a group layout needs a scale layout");
        }
    }

    /** The token that spec texts use, such as {@code g32.tile128x4}. */
    public String text() {
        return "g" + size + "." + scales.text();
    }

    /**
     * Reads {@link #text()}.
     *
     * @throws IllegalArgumentException naming the text and the form that is wanted
     */
    public static GroupLayout parse(String text) {
        if (!text.matches("g\\d{1,4}\\.[a-z0-9]+")) {
            throw new IllegalArgumentException(
                    "bad group layout '" + text + "': write it as g32.rows or g32.tile128x4");
        }
        int dot = text.indexOf('.');
        return new GroupLayout(Integer.parseInt(text.substring(1, dot)), ScaleLayout.parse(text.substring(dot + 1)));
    }
}
