package org.mxforge.dsl.shape;

import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The size of a problem as the tuner sees it; each kind of kernel that is tuned has its own. */
public interface KernelShape {
    /** How shapes are written, for messages and help. */
    String FORMS = "m512,n768,k896+128 for a GEMM, e8,m128,n768,k896+128 for a grouped GEMM"
            + " of 8 experts with 128 tokens each on average, m512,k896+128 for a quantizer, or"
            + " b8,q1,c2048,h32/8,w1024 for attention of 8 sequences with 1 query and up to 2048 positions each, 32"
            + " query and 8 key/value heads and a window of 1024, which may be left out";

    /** Rows (tokens); of a grouped GEMM the mean of its experts. */
    int m();

    /** Columns (output channels) of a product; empty for what is none. */
    OptionalInt columns();

    /** Channels of each partition; one entry where there are none. */
    List<Integer> k();

    /** Experts that are multiplied together; 1 for all but a grouped GEMM. */
    default int experts() {
        return 1;
    }

    /** Whether how the channels are cut into partitions makes no difference to which variant is the fastest. */
    default boolean isFreelyCut() {
        return false;
    }

    /** What tells how far two shapes are from one another, by how many times the one is the other. */
    default List<Integer> sizes() {
        return List.of(experts(), m(), columns().orElse(1), channels());
    }

    /** The same shape with M rounded to its bucket: what tuner and runtime look up. */
    KernelShape bucketed();

    /** Channels of all partitions together. */
    default int channels() {
        return Math.toIntExact(k().stream().mapToLong(Integer::longValue).sum());
    }

    /** Canonical text, such as {@code m512,n768,k896+128} or, without columns, {@code m512,k896+128}; see {@link #FORMS}. */
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
        if (text.startsWith("b")) {
            return AttentionShape.read(text);
        }
        Matcher parts = Pattern.compile("(?:e(\\d{1,9}),)?m(\\d{1,9})(?:,n(\\d{1,9}))?,k(\\d{1,9}(?:\\+\\d{1,9}){0,7})")
                .matcher(text);
        if (!parts.matches() || (parts.group(1) != null && parts.group(3) == null)) {
            throw new IllegalArgumentException("bad shape '" + text + "': write it as " + FORMS);
        }
        if (Stream.of(parts.group(4).split("\\+")).mapToLong(Long::parseLong).sum() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("shape '" + text + "' has more channels than there can be: give fewer");
        }
        int m = Integer.parseInt(parts.group(2));
        List<Integer> k =
                Stream.of(parts.group(4).split("\\+")).map(Integer::valueOf).toList();
        if (parts.group(3) == null) {
            return new QuantizeShape(m, k);
        }
        int n = Integer.parseInt(parts.group(3));
        return parts.group(1) == null
                ? new GemmShape(m, n, k)
                : new GroupedShape(Integer.parseInt(parts.group(1)), m, n, k);
    }
}
