package org.mxforge.runtime.check;

/**
 * A size that a kernel's operands have.
 *
 * @param name as in the line of a case
 * @param usual where nobody says another
 * @param least the smallest that the kernel takes
 * @param step what it is the smallest plus a multiple of
 * @param most largest that is worth drawing
 * @param count how many of it there are: one for each partition, or 1
 */
public record Extent(String name, int usual, int least, int step, int most, int count) {
    static Extent of(String name, int usual, int least, int step, int most) {
        return new Extent(name, usual, least, step, most, 1);
    }

    static Extent any(String name, int usual, int most) {
        return of(name, usual, 1, 1, most);
    }

    /** The value after so many steps. */
    public int at(int steps) {
        return least + steps * step;
    }

    /** Steps to the largest. */
    public int steps() {
        return (most - least) / step;
    }
}
