package org.mxforge.runtime.tune;

import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The size of a problem as the tuner sees it; each kind of kernel that is tuned has its own. */
public sealed interface KernelShape permits GemmShape, QuantizeShape {
    /** Rows (tokens). */
    int m();

    /** Columns (output channels) of a product; empty for what is none. */
    OptionalInt columns();

    /** Channels of each partition; one entry where there are none. */
    List<Integer> k();

    /** The same shape with M rounded to its bucket: what tuner and runtime look up. */
    KernelShape bucketed();

    /** Channels of all partitions together. */
    default int channels() {
        return Math.toIntExact(k().stream().mapToLong(Integer::longValue).sum());
    }

    /** Canonical text, such as {@code m512,n768,k896+128} or, without columns, {@code m512,k896+128}. */
    default String text() {
        String n = columns().isPresent() ? ",n" + columns().getAsInt() : "";
        return "m" + m() + n + ",k" + k().stream().map(String::valueOf).collect(Collectors.joining("+"));
    }

    /** The one bucketing function of M: the next power of two, at least 1, at most 16384. */
    static int bucket(int m) {
        return m <= 1 ? 1 : Math.min(Integer.highestOneBit(m - 1) << 1, 16384);
    }

    /**
     * Reads {@link #text()}.
     *
     * @throws IllegalArgumentException naming the text and the forms that there are
     */
    static KernelShape parse(String text) {
        Matcher parts = Pattern.compile("m(\\d{1,9})(?:,n(\\d{1,9}))?,k(\\d{1,9}(?:\\+\\d{1,9}){0,7})")
                .matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("bad shape '" + text
                    + "': write it as m512,n768,k896+128 for a GEMM or m512,k896+128 for a quantizer");
        }
        if (Stream.of(parts.group(3).split("\\+")).mapToLong(Long::parseLong).sum() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("shape '" + text + "' has more channels than there can be: give fewer");
        }
        int m = Integer.parseInt(parts.group(1));
        List<Integer> k =
                Stream.of(parts.group(3).split("\\+")).map(Integer::valueOf).toList();
        return parts.group(2) == null ? new QuantizeShape(m, k) : new GemmShape(m, Integer.parseInt(parts.group(2)), k);
    }
}
