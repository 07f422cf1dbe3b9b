package org.mxforge.runtime.cli.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Locale;
import org.mxforge.runtime.Generation;
import org.mxforge.runtime.Request;
import org.mxforge.runtime.cli.console.Table;

/** What became of requests, and how long they took. Safe for concurrent use. */
final class RequestTally {
    private int answered;
    private int cancelled;
    private int failed;
    private int refused;
    private long promptTokens;
    private long newTokens;
    private final Times firstToken = new Times("first token");
    private final Times nextToken = new Times("next token");
    private final Times whole = new Times("whole request");

    /** Times in nanoseconds. */
    private static final class Times {
        private final String name;
        private long[] nanos = new long[1024];
        private int count;

        Times(String name) {
            this.name = name;
        }

        void add(long time) {
            if (count == nanos.length) {
                nanos = Arrays.copyOf(nanos, 2 * count);
            }
            nanos[count++] = time;
        }

        /** The time that {@code percent} of all do not exceed, in milliseconds; 0 where there is none. */
        double percentile(int percent) {
            long[] sorted = Arrays.copyOf(nanos, count);
            Arrays.sort(sorted);
            return count == 0 ? 0 : sorted[(int) Math.ceil(percent / 100.0 * count) - 1] / 1e6;
        }

        String text(int percent) {
            return count == 0 ? "-" : String.format(Locale.ROOT, "%.2f", percentile(percent));
        }
    }

    /** Between two tokens of one request. */
    synchronized void nextToken(long nanos) {
        nextToken.add(nanos);
    }

    synchronized void refused() {
        refused++;
    }

    /** A request's end; {@code generation} is null where it has none. */
    synchronized void ended(Request.State state, Generation generation, long nanos) {
        switch (state) {
            case FINISHED -> {
                answered++;
                promptTokens += generation.timing().promptTokens();
                newTokens += generation.ids().length;
                firstToken.add(generation.timing().firstToken().toNanos());
                whole.add(nanos);
            }
            case CANCELLED -> cancelled++;
            default -> failed++;
        }
    }

    /** Requests that came to an end, refused ones among them. */
    synchronized int ends() {
        return answered + cancelled + failed + refused;
    }

    synchronized String sentence() {
        return String.format(
                Locale.ROOT,
                "%,d answered, %,d cancelled, %,d failed, %,d refused",
                answered,
                cancelled,
                failed,
                refused);
    }

    /** Rates over {@code seconds}, of what was answered. */
    synchronized String rates(double seconds) {
        return String.format(
                Locale.ROOT,
                "%.1f s: %,.1f requests/s, %,.0f tokens/s of prompts, %,.0f tokens/s written",
                seconds,
                answered / seconds,
                promptTokens / seconds,
                newTokens / seconds);
    }

    synchronized Table table() {
        Table table = new Table("MS", "P50", "P95", "P99", "MOST");
        for (Times times : new Times[] {firstToken, nextToken, whole}) {
            table.row(times.name, times.text(50), times.text(95), times.text(99), times.text(100));
        }
        return table;
    }

    synchronized void putInto(ObjectNode document, double seconds) {
        document.put("answered", answered)
                .put("cancelled", cancelled)
                .put("failed", failed)
                .put("refused", refused)
                .put("seconds", seconds)
                .put("requests_per_second", answered / seconds)
                .put("prompt_tokens_per_second", promptTokens / seconds)
                .put("new_tokens_per_second", newTokens / seconds);
        for (Times times : new Times[] {firstToken, nextToken, whole}) {
            ObjectNode node = document.putObject(times.name.replace(' ', '_') + "_ms");
            for (int percent : new int[] {50, 95, 99}) {
                node.put("p" + percent, times.percentile(percent));
            }
            node.put("most", times.percentile(100));
        }
    }
}
