package org.mxforge.runtime.cli.bench;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The size of a weight.
 *
 * @param n output channels
 * @param k input channels
 */
record WeightShape(int n, int k) {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,8})x(\\d{1,8})");

    public WeightShape {
        if (n <= 0 || k <= 0) {
            throw new IllegalArgumentException("a weight of " + n + "x" + k + " has an empty side");
        }
    }

    /**
     * Reads {@code NxK}.
     *
     * @throws IllegalArgumentException naming the text and the form that is wanted
     */
    public static WeightShape parse(String text) {
        Matcher sides = TEXT.matcher(text);
        if (!sides.matches()) {
            throw new IllegalArgumentException("bad weight shape '" + text + "': write NxK, as 4096x14336");
        }
        return new WeightShape(Integer.parseInt(sides.group(1)), Integer.parseInt(sides.group(2)));
    }
}
