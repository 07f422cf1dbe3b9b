package org.mxforge.runtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.exec.spi.Backend.CrossEntropy;
import org.mxforge.runtime.exec.spi.Batch;
import org.mxforge.runtime.exec.spi.KvCache;
import org.mxforge.runtime.model.Decoder;

/**
 * Scores groups of continuations, the longest first, several groups at a time: the beginning that the continuations of a group share is read
 * once, then the rest of the first one of each group, of the second one, and so on.
 */
final class ContinuationScoring {
    /** Tokens that are read together, enough to fill a device; one continuation may be longer. */
    private static final int ROWS = 4096;

    private static final int MOST_GROUPS = 256;

    private final Decoder decoder;
    private final int positions;
    private final List<Group> groups = new ArrayList<>();

    /** @throws MxForgeException if a token is none of the model's, or a continuation alone is longer than its context */
    ContinuationScoring(Decoder decoder, List<List<Continuation>> groups) {
        this.decoder = decoder;
        this.positions = decoder.config().maxPositions();
        for (int i = 0; i < groups.size(); i++) {
            add(i, groups.get(i));
        }
        this.groups.sort(Comparator.comparingInt(Group::longest).reversed());
    }

    private void add(int index, List<Continuation> continuations) {
        for (Continuation continuation : continuations) {
            decoder.config().checkTokens(continuation.context());
            decoder.config().checkTokens(continuation.tokens());
            if (continuation.tokens().length > positions) {
                throw new MxForgeException("a continuation of " + continuation.tokens().length
                        + " tokens is longer than the model's context of " + positions + ": shorten it");
            }
        }
        groups.add(new Group(index, continuations));
    }

    /** Tokens that are read in all. */
    long tokens() {
        return groups.stream().mapToLong(Group::tokens).sum();
    }

    /**
     * Scores all of them.
     *
     * @param progress told how many more tokens were read
     */
    void run(Model.ScoreListener listener, LongConsumer progress) {
        if (groups.isEmpty()) {
            return;
        }
        int longest = groups.get(0).longest();
        try (KvCache cache = decoder.newCache((ROWS + longest - 1) / longest, longest);
                Batch batch = decoder.newBatch(cache, Math.min(ROWS, cache.capacity()), MOST_GROUPS)) {
            int done = 0;
            while (done < groups.size()) {
                List<Group> together = open(cache, done);
                try {
                    read(batch, together);
                    score(batch, together);
                } finally {
                    together.forEach(Group::close);
                }
                for (Group group : together) {
                    listener.scored(group.index, List.of(group.scores));
                    progress.accept(group.tokens());
                }
                done += together.size();
            }
        }
    }

    /** The next groups that there is room for, at least one. */
    private List<Group> open(KvCache cache, int first) {
        List<Group> together = new ArrayList<>();
        int free = ROWS;
        for (int i = first; i < groups.size() && together.size() < MOST_GROUPS; i++) {
            Group next = groups.get(i);
            boolean fits = next.longest() <= free && cache.hasRoom(next.longest());
            if (!together.isEmpty() && !(fits && next.isShared && together.get(0).isShared)) {
                break;
            }
            next.open(cache);
            together.add(next);
            free -= next.longest();
        }
        return together;
    }

    private void read(Batch batch, List<Group> together) {
        List<Batch.Part> prefixes = together.stream()
                .filter(group -> group.prefix > 0)
                .map(Group::prefixPart)
                .toList();
        if (!prefixes.isEmpty()) {
            decoder.score(batch, prefixes, new int[0]);
        }
    }

    private void score(Batch batch, List<Group> together) {
        int most = together.stream().mapToInt(Group::size).max().orElseThrow();
        for (int i = 0; i < most; i++) {
            int number = i;
            List<Group> asked =
                    together.stream().filter(group -> number < group.size()).toList();
            List<Batch.Part> parts =
                    asked.stream().map(group -> group.part(number)).toList();
            int[] targets = asked.stream()
                    .flatMapToInt(group ->
                            Arrays.stream(group.continuations.get(number).tokens()))
                    .toArray();
            CrossEntropy.Scores scores = decoder.score(batch, parts, targets);
            int first = 0;
            for (Group group : asked) {
                group.take(number, scores, first);
                first += group.continuations.get(number).tokens().length;
            }
        }
    }

    /** Continuations that share a sequence. */
    private final class Group implements AutoCloseable {
        private final int index;
        private final List<Continuation> continuations;
        private final Continuation.Score[] scores;
        private final int longest;
        private final long tokens;

        /** Whether its continuations may share a beginning, and a batch with others: rotary frequencies are the same for all lengths. */
        private final boolean isShared;

        /** Tokens that are read once. */
        private final int prefix;

        private KvCache.Sequence sequence;

        Group(int index, List<Continuation> continuations) {
            this.index = index;
            this.continuations = continuations;
            this.scores = new Continuation.Score[continuations.size()];
            // Not kept: those of a whole benchmark would take too much memory.
            List<int[]> read = IntStream.range(0, size()).mapToObj(this::read).toList();
            this.longest = read.stream().mapToInt(ids -> ids.length).max().orElseThrow();
            this.isShared = decoder.isReadWithOthers(longest);
            this.prefix = isShared ? commonPrefix(read) : 0;
            this.tokens =
                    prefix + read.stream().mapToLong(ids -> ids.length - prefix).sum();
        }

        private int[] read(int number) {
            return continuations.get(number).read(positions);
        }

        /** Up to the first token whose successor is scored. */
        private int commonPrefix(List<int[]> read) {
            int common = Integer.MAX_VALUE;
            for (int i = 0; i < size(); i++) {
                int unscored = read.get(i).length - continuations.get(i).tokens().length;
                int alike = Arrays.mismatch(read.get(i), read.get(0));
                common = Math.min(common, Math.min(unscored, alike < 0 ? unscored : alike));
            }
            return common;
        }

        int size() {
            return continuations.size();
        }

        int longest() {
            return longest;
        }

        long tokens() {
            return tokens;
        }

        void open(KvCache cache) {
            sequence = cache.open();
            sequence.reserve(longest);
        }

        Batch.Part prefixPart() {
            return new Batch.Part(sequence, Arrays.copyOf(read(0), prefix), 0);
        }

        Batch.Part part(int number) {
            sequence.shrinkTo(prefix);
            int[] ids = read(number);
            return new Batch.Part(
                    sequence,
                    Arrays.copyOfRange(ids, prefix, ids.length),
                    continuations.get(number).tokens().length);
        }

        void take(int number, CrossEntropy.Scores all, int first) {
            double sum = 0;
            boolean greedy = true;
            int count = continuations.get(number).tokens().length;
            for (int i = first; i < first + count; i++) {
                sum += all.nll()[i];
                greedy &= all.best()[i];
            }
            if (!Double.isFinite(sum)) {
                throw decoder.notFinite(read(number));
            }
            scores[number] = new Continuation.Score(-sum, greedy);
        }

        @Override
        public void close() {
            if (sequence != null) {
                sequence.close();
            }
        }
    }
}
