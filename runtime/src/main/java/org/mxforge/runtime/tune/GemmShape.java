package org.mxforge.runtime.tune;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The size of a GEMM as the tuner sees it.
 *
 * @param m rows (tokens)
 * @param n columns (output channels)
 * @param k channels of each partition; one entry for a plain GEMM
 */
public record GemmShape(int m, int n, List<Integer> k) {
    private static final Pattern TEXT = Pattern.compile("m(\\d{1,9}),n(\\d{1,9}),k(\\d{1,9}(?:\\+\\d{1,9}){0,7})");

    public GemmShape {
        k = List.copyOf(k);
        if (m <= 0 || n <= 0 || k.isEmpty()) {
            throw new IllegalArgumentException("GEMM shape " + m + "x" + n + "x" + k + " has an empty side");
        }
    }

    /** The same shape with M rounded to its bucket: what tuner and runtime look up. */
    public GemmShape bucketed() {
        return new GemmShape(bucket(m), n, k);
    }

    /** The one bucketing function of M: the next power of two, at least 1, at most 16384. */
    public static int bucket(int m) {
        return m <= 1 ? 1 : Math.min(Integer.highestOneBit(m - 1) << 1, 16384);
    }

    /** Canonical text, such as {@code m512,n768,k896+128}. */
    public String text() {
        return "m" + m + ",n" + n + ",k" + k.stream().map(String::valueOf).collect(Collectors.joining("+"));
    }

    /**
     * Reads {@link #text()}.
     *
     * @throws IllegalArgumentException naming the text and the form that is wanted
     */
    public static GemmShape parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("bad GEMM shape '" + text + "': write it as m512,n768,k896+128");
        }
        return new GemmShape(
                Integer.parseInt(parts.group(1)),
                Integer.parseInt(parts.group(2)),
                Stream.of(parts.group(3).split("\\+")).map(Integer::valueOf).toList());
    }
}
