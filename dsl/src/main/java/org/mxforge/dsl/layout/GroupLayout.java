package org.mxforge.dsl.layout;

/**
 * How a matrix is cut into groups that share a scale: {@code size} consecutive elements along K.
 *
 * @param size elements in a group; OCP MX v1.0 fixes it at 32
 */
public record GroupLayout(int size) {
    /** Elements that share one scale in every format of OCP MX v1.0. */
    public static final int GROUP = 32;

    /** The groups of OCP MX v1.0. */
    public static final GroupLayout MX = new GroupLayout(GROUP);

    public GroupLayout {
        if (size != GROUP) {
            throw new IllegalArgumentException("group size " + size + " is not an MX group: OCP MX v1.0 fixes 32");
        }
    }

    /** The token that spec texts use, such as {@code g32}. */
    public String text() {
        return "g" + size;
    }

    /**
     * Reads {@link #text()}.
     *
     * @throws IllegalArgumentException naming the text and the form that is wanted
     */
    public static GroupLayout parse(String text) {
        if (!text.matches("g\\d{1,4}")) {
            throw new IllegalArgumentException("bad group layout '" + text + "': write it as g32");
        }
        return new GroupLayout(Integer.parseInt(text.substring(1)));
    }
}
