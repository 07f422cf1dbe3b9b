package org.mxforge.runtime.exec.spi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.mxforge.runtime.base.MxForgeException;

/**
 * Tokens of one or more sequences that go through a model together, one row each, described in a {@link Backend}'s memory, which
 * stays where it is: a {@link Backend.RecordedStep} over a batch reads what was put last. Sequences may differ in length and in the
 * number of their tokens. Here is the bookkeeping, which is the same everywhere; a backend's subclass has the memory.
 */
public abstract class Batch implements AutoCloseable {
    /** Sections begin at multiples of so many words, 16 bytes, as kernels want their operands. */
    private static final int ALIGNMENT = 4;

    /** In place of a token that could not be sampled. */
    public static final int NONE = -1;

    private final KvCache cache;
    private final int vocabulary;
    private final int capacity;
    private final int tables;
    private final int tableLength;
    private final int[] words;
    private int rows;
    private int sequences;
    private int outputs;
    private int wanted;
    private int longestText;

    /** What a batch holds, one 32-bit number for each row or output if not said otherwise. */
    public enum Field {
        /** The row's token. */
        IDS,
        /** The row's position in its sequence. */
        POSITIONS,
        /** The row's sequence: which page table is its own. */
        SEQUENCES,
        /** The output's row. */
        OUTPUTS,
        /** {@link Choice#temperature} of the output, FP32. */
        TEMPERATURES,
        /** {@link Choice#topP} of the output, FP32. */
        TOP_P,
        /** {@link Choice#uniform} of the output, FP32. */
        UNIFORM,
        /** The token that was sampled for the output: the one field that a backend writes. */
        TOKENS,
        /** The pages of the sequences' positions, [sequences][tableLength]. */
        PAGES
    }

    /**
     * How the next token is chosen.
     *
     * @param temperature divides the logits; more than 0
     * @param topP share of probability kept, in (0, 1]; 0 means greedy
     * @param uniform a number in [0, 1) that decides within the kept tokens; unused when greedy
     */
    public record Choice(float temperature, float topP, float uniform) {
        /** The most likely token, lowest id on a tie. */
        public static final Choice GREEDY = new Choice(1f, 0f, 0f);

        public Choice {
            if (!(temperature > 0) || !(topP >= 0 && topP <= 1) || !(uniform >= 0 && uniform < 1)) {
                throw new IllegalArgumentException("temperature " + temperature + " must be above 0, top-p " + topP
                        + " from 0 to 1 and the uniform number " + uniform + " in [0, 1)");
            }
        }
    }

    /**
     * The next tokens of one sequence.
     *
     * @param outputs of how many of the last of them logits are wanted
     * @param choice how a token is sampled from each output
     */
    public record Part(KvCache.Sequence sequence, int[] ids, int outputs, Choice choice) {
        /** Tokens with logits of the last {@code outputs} of them, of which the most likely token is sampled, if any. */
        public Part(KvCache.Sequence sequence, int[] ids, int outputs) {
            this(sequence, ids, outputs, Choice.GREEDY);
        }

        /** {@code parts} in lists of at most {@code rows} tokens, to be run in order; those that do not fit whole are cut. */
        public static List<List<Part>> inRows(List<Part> parts, int rows) {
            List<List<Part>> lists = new ArrayList<>();
            int room = 0;
            for (Part part : parts) {
                for (int from = 0; from < part.ids.length; ) {
                    if (room == 0) {
                        lists.add(new ArrayList<>());
                        room = rows;
                    }
                    int to = Math.min(part.ids.length, from + room);
                    lists.get(lists.size() - 1).add(part.cut(from, to));
                    room -= to - from;
                    from = to;
                }
            }
            return lists;
        }

        /** Its tokens from {@code from} to {@code to}, with those of its outputs that are among them. */
        private Part cut(int from, int to) {
            int wanted = Math.max(0, to - Math.max(from, ids.length - outputs));
            return new Part(sequence, Arrays.copyOfRange(ids, from, to), wanted, choice);
        }
    }

    /**
     * A batch of sequences in {@code cache}.
     *
     * @param vocabulary tokens that there are
     * @param capacity most rows
     * @param sequences most sequences
     */
    protected Batch(KvCache cache, int vocabulary, int capacity, int sequences) {
        this.cache = cache;
        this.vocabulary = vocabulary;
        this.capacity = capacity;
        // One more, of zeros, for the rows that fill a batch up.
        this.tables = sequences + 1;
        this.tableLength = cache.pagesFor(cache.longest());
        this.words = new int[Math.addExact(offset(Field.PAGES), Math.multiplyExact(tables, tableLength))];
    }

    /** Replaces the content by {@code parts}, whose sequences grow; one row for each token. */
    public final void put(List<Part> parts) {
        put(parts, count(parts));
    }

    /**
     * The same, filled up to {@code rows} rows and at least as many outputs as sequences, so that a step recorded for that many
     * can be replayed. What the filling rows come to is for nobody.
     *
     * @throws MxForgeException if the cache has no room, a sequence would be too long, or a token is none of the vocabulary's;
     *     nothing has changed then
     */
    public final void put(List<Part> parts, int rows) {
        check(parts, rows);
        Arrays.fill(words, 0);
        Arrays.fill(words, offset(Field.SEQUENCES), offset(Field.SEQUENCES) + rows, tables - 1);
        int row = 0;
        int output = 0;
        longestText = 0;
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            write(part, i, row, output);
            row += part.ids().length;
            output += part.outputs();
            longestText = Math.max(longestText, part.sequence().length());
        }
        int filling = rows - row;
        wanted = output;
        outputs = wanted + filling;
        for (; output < outputs; output++, row++) {
            write(output, row, Choice.GREEDY);
        }
        this.rows = rows;
        this.sequences = parts.size() + filling;
        upload(words);
    }

    /** Replaces the content by that of {@code other}, a batch of as many rows and sequences of a cache of the same pages. */
    public final void put(Batch other) {
        if (other.words.length != words.length || other.capacity != capacity || other.tables != tables) {
            throw new IllegalArgumentException("a batch takes the content of a batch of other sizes");
        }
        System.arraycopy(other.words, 0, words, 0, words.length);
        rows = other.rows;
        sequences = other.sequences;
        outputs = other.outputs;
        wanted = other.wanted;
        longestText = other.longestText;
        upload(words);
    }

    private void check(List<Part> parts, int rows) {
        if (parts.isEmpty() || parts.size() >= tables || rows > capacity || rows < count(parts)) {
            throw new IllegalArgumentException(parts.size() + " sequences and " + count(parts) + " tokens in " + rows
                    + " rows do not fit into a batch of " + (tables - 1) + " sequences and " + capacity + " rows");
        }
        long number = cache.nextBatch();
        int missing = 0;
        for (Part part : parts) {
            if (part.sequence().cache() != cache || !part.sequence().enter(number)) {
                throw new IllegalArgumentException("a sequence is twice in a batch, or of another cache");
            }
            if (part.ids().length == 0 || part.outputs() < 0 || part.outputs() > part.ids().length) {
                throw new IllegalArgumentException(
                        part.outputs() + " outputs are wanted of " + part.ids().length + " tokens");
            }
            checkIds(part.ids());
            missing += part.sequence().missing(part.ids().length);
        }
        cache.checkFree(count(parts), missing);
    }

    private void checkIds(int[] ids) {
        for (int id : ids) {
            if (id < 0 || id >= vocabulary) {
                throw new MxForgeException("token " + id + " is outside the model's vocabulary of " + vocabulary
                        + ": the tokenizer or the ids belong to another model");
            }
        }
    }

    private void write(Part part, int sequence, int firstRow, int firstOutput) {
        int start = part.sequence().length();
        int count = part.ids().length;
        part.sequence().grow(count);
        System.arraycopy(part.ids(), 0, words, offset(Field.IDS) + firstRow, count);
        for (int i = 0; i < count; i++) {
            words[offset(Field.POSITIONS) + firstRow + i] = start + i;
            words[offset(Field.SEQUENCES) + firstRow + i] = sequence;
        }
        for (int i = 0; i < part.outputs(); i++) {
            write(firstOutput + i, firstRow + count - part.outputs() + i, part.choice());
        }
        int[] table = part.sequence().table();
        System.arraycopy(table, 0, words, offset(Field.PAGES) + sequence * tableLength, table.length);
    }

    private void write(int output, int row, Choice choice) {
        words[offset(Field.OUTPUTS) + output] = row;
        words[offset(Field.TEMPERATURES) + output] = Float.floatToRawIntBits(choice.temperature());
        words[offset(Field.TOP_P) + output] = Float.floatToRawIntBits(choice.topP());
        words[offset(Field.UNIFORM) + output] = Float.floatToRawIntBits(choice.uniform());
    }

    private static int count(List<Part> parts) {
        int count = 0;
        for (Part part : parts) {
            count += part.ids().length;
        }
        return count;
    }

    /** Most rows. */
    public final int capacity() {
        return capacity;
    }

    /** Rows, those that fill it up included. */
    public final int rows() {
        return rows;
    }

    /** Sequences that its rows are of; a row that fills it up counts as one. */
    public final int sequences() {
        return sequences;
    }

    /** Rows that logits are computed of. */
    public final int outputs() {
        return outputs;
    }

    /** Tokens of its longest sequence, those in the batch included. */
    public final int longestText() {
        return longestText;
    }

    /** Where its sequences have their keys and values. */
    public KvCache cache() {
        return cache;
    }

    /**
     * What was sampled for the outputs that were asked for, in order of the parts, {@link #NONE} where logits are not finite; waits for
     * the device.
     */
    public final int[] tokens() {
        return downloadTokens(wanted);
    }

    /** Entries of a page table. */
    protected int tableLength() {
        return tableLength;
    }

    /** Words of all fields. */
    protected final int size() {
        return words.length;
    }

    /** Where a field begins, in words. */
    protected final int offset(Field field) {
        return field.ordinal() * ((capacity + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
    }

    /** Brings all fields to the backend, behind what it was asked for before. */
    protected abstract void upload(int[] words);

    /** The first {@code count} of {@link Field#TOKENS}. */
    protected abstract int[] downloadTokens(int count);

    @Override
    public abstract void close();
}
