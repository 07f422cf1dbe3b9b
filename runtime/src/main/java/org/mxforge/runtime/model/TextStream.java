package org.mxforge.runtime.model;

import java.util.Arrays;

/**
 * Turns tokens into text as they come. A character may be spread over several tokens, and a token may look different beside
 * its neighbours, so tokens are decoded together from the last place where the text was whole.
 */
public final class TextStream {
    private static final char INCOMPLETE = '\uFFFD';

    private final Tokenizer tokenizer;
    private int[] ids = new int[64];
    private int count;
    private int context;
    private int shown;

    public TextStream(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /** The text that {@code id} adds; empty while a character is incomplete. */
    public String add(int id) {
        if (count == ids.length) {
            ids = Arrays.copyOf(ids, 2 * count);
        }
        ids[count++] = id;
        String text = decode(context, count);
        return text.isEmpty() || text.charAt(text.length() - 1) == INCOMPLETE ? "" : show(text);
    }

    /** What is left at the end, incomplete characters as U+FFFD. */
    public String finish() {
        return show(decode(context, count));
    }

    private String show(String text) {
        String added =
                text.substring(Math.min(text.length(), decode(context, shown).length()));
        context = shown;
        shown = count;
        return added;
    }

    private String decode(int from, int to) {
        return tokenizer.decode(Arrays.copyOfRange(ids, from, to));
    }
}
