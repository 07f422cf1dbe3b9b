package org.mxforge.dsl.shape;

import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The size of attention, as it is known before a batch's sequences are: a step that is recorded once runs for all lengths.
 *
 * @param batch sequences
 * @param queries of each sequence
 * @param context positions that a sequence may have, its queries included
 * @param heads query heads
 * @param kvHeads key/value heads, which divide them
 * @param window how many positions a query sees at most, its own included; the context where it sees all
 */
public record AttentionShape(int batch, int queries, int context, int heads, int kvHeads, int window)
        implements KernelShape {
    private static final Pattern TEXT =
            Pattern.compile("b(\\d{1,9}),q(\\d{1,9}),c(\\d{1,9}),h(\\d{1,9})/(\\d{1,9})(?:,w(\\d{1,9}))?");

    public AttentionShape {
        window = Math.min(window, context);
        if (batch <= 0 || queries <= 0 || heads <= 0 || kvHeads <= 0 || window <= 0) {
            throw new IllegalArgumentException("attention of " + batch + " x " + queries + " queries, " + heads + "/"
                    + kvHeads + " heads and a window of " + window + " has an empty side");
        }
        if (queries > context || heads % kvHeads != 0) {
            throw new IllegalArgumentException(
                    "attention has at most as many queries as positions, and heads a multiple"
                            + " of key/value heads, not " + queries + " of " + context + " and " + heads + "/"
                            + kvHeads);
        }
    }

    /** Heads that share keys. */
    public int group() {
        return heads / kvHeads;
    }

    /** Positions that queries see, the mean of a sequence's last ones. */
    public double seen() {
        // The first queries may see less than their window.
        double most = Math.max(0, window - (context - queries));
        double below = Math.min(queries, most);
        return window - below * (most - (below + 1) / 2) / queries;
    }

    @Override
    public int m() {
        return Math.multiplyExact(batch, queries);
    }

    @Override
    public OptionalInt columns() {
        return OptionalInt.empty();
    }

    /** The context. */
    @Override
    public List<Integer> k() {
        return List.of(context);
    }

    @Override
    public List<Integer> sizes() {
        return List.of(batch, queries, context, heads, kvHeads, window);
    }

    /** Sequences, queries and context are rounded up; a window that is shorter than the context stays. */
    @Override
    public AttentionShape bucketed() {
        int bucket = Math.max(KernelShape.bucket(queries), Integer.highestOneBit(Math.max(1, context - 1)) << 1);
        return new AttentionShape(
                KernelShape.bucket(batch),
                KernelShape.bucket(queries),
                bucket,
                heads,
                kvHeads,
                window == context ? bucket : window);
    }

    @Override
    public String text() {
        return "b" + batch + ",q" + queries + ",c" + context + ",h" + heads + "/" + kvHeads
                + (window == context ? "" : ",w" + window);
    }

    /** Reads {@link #text()}. */
    static AttentionShape read(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("bad shape '" + text + "': write it as " + FORMS);
        }
        return new AttentionShape(
                Integer.parseInt(parts.group(1)),
                Integer.parseInt(parts.group(2)),
                Integer.parseInt(parts.group(3)),
                Integer.parseInt(parts.group(4)),
                Integer.parseInt(parts.group(5)),
                parts.group(6) == null ? Integer.MAX_VALUE : Integer.parseInt(parts.group(6)));
    }
}
