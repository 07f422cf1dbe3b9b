package org.mxforge.runtime.exec.cpu;

import java.util.Arrays;
import org.mxforge.runtime.exec.spi.Batch;

/** A batch in the array in which it is put together. */
final class HostBatch extends Batch {
    private final HostKvCache cache;
    private int[] words;

    HostBatch(HostKvCache cache, int vocabulary, int rows, int sequences) {
        super(cache, vocabulary, rows, sequences);
        this.cache = cache;
        this.words = new int[size()];
    }

    static HostBatch of(Batch batch) {
        if (batch instanceof HostBatch host) {
            return host;
        }
        throw new IllegalArgumentException("the CPU backend was given a batch of another backend");
    }

    @Override
    public HostKvCache cache() {
        return cache;
    }

    int number(Field field, int index) {
        return words[offset(field) + index];
    }

    float fraction(Field field, int index) {
        return Float.intBitsToFloat(number(field, index));
    }

    /** The page of a row's sequence that holds its positions from {@code index * cache().positions()} on. */
    int page(int row, int index) {
        return number(Field.PAGES, number(Field.SEQUENCES, row) * tableLength() + index);
    }

    void token(int output, int token) {
        words[offset(Field.TOKENS) + output] = token;
    }

    @Override
    protected void upload(int[] words) {
        this.words = words;
    }

    @Override
    protected int[] downloadTokens(int count) {
        int from = offset(Field.TOKENS);
        return Arrays.copyOfRange(words, from, from + count);
    }

    @Override
    public void close() {
        // The garbage collector owns the memory.
    }
}
