package org.mxforge.runtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.exec.spi.Backend.CrossEntropy;
import org.mxforge.runtime.exec.spi.Batch;
import org.mxforge.runtime.exec.spi.KvCache;
import org.mxforge.runtime.model.Decoder;

/**
 * Scores groups of continuations. Groups that begin alike, as questions after the same examples do, are a family: what they share is read once
 * for several of them, what the continuations of a group share besides once for the group, and then the rest of each continuation. Several
 * families are read together, the longest first: the first group of each, the second one, and so on.
 */
final class ContinuationScoring {
    /** Tokens that are read together, enough to fill a device; one continuation may be longer. */
    private static final int ROWS = 4096;

    private static final int MOST_FAMILIES = 256;

    /** Groups of a family follow each other; many families keep a device busier than long ones. */
    private static final int MOST_GROUPS = 16;

    private final Decoder decoder;
    private final int positions;
    private final List<Family> families;

    /** @throws MxForgeException if a token is none of the model's, or a continuation alone is longer than its context */
    ContinuationScoring(Decoder decoder, List<List<Continuation>> groups) {
        this.decoder = decoder;
        this.positions = decoder.config().maxPositions();
        List<Group> all = new ArrayList<>();
        for (int i = 0; i < groups.size(); i++) {
            check(groups.get(i));
            all.add(new Group(i, groups.get(i)));
        }
        this.families = families(all);
    }

    private void check(List<Continuation> continuations) {
        for (Continuation continuation : continuations) {
            decoder.config().checkTokens(continuation.context());
            decoder.config().checkTokens(continuation.tokens());
            if (continuation.tokens().length > positions) {
                throw new MxForgeException("a continuation of " + continuation.tokens().length
                        + " tokens is longer than the model's context of " + positions + ": shorten it");
            }
        }
    }

    /** Groups whose beginnings are neighbours in order join where half of what they have in front of their continuations is the same. */
    private List<Family> families(List<Group> groups) {
        List<Group> ordered = groups.stream().sorted(Group::compareTo).toList();
        List<Family> families = new ArrayList<>();
        for (Group group : ordered) {
            Family last = families.isEmpty() ? null : families.get(families.size() - 1);
            if (last == null || !last.join(group)) {
                families.add(new Family(group));
            }
        }
        families.sort(Comparator.comparingInt(Family::longest).reversed());
        return families;
    }

    /** Tokens that are read in all. */
    long tokens() {
        return families.stream().mapToLong(Family::tokens).sum();
    }

    /**
     * Scores all of them.
     *
     * @param progress told how many more tokens were read
     */
    void run(Model.ScoreListener listener, LongConsumer progress) {
        if (families.isEmpty()) {
            return;
        }
        int longest = families.get(0).longest();
        try (KvCache cache = decoder.newCache((ROWS + longest - 1) / longest, longest);
                Batch batch = decoder.newBatch(cache, Math.min(ROWS, cache.capacity()), MOST_FAMILIES)) {
            int done = 0;
            while (done < families.size()) {
                List<Family> together = open(cache, done);
                try {
                    score(batch, together, listener, progress);
                } finally {
                    together.forEach(Family::close);
                }
                done += together.size();
            }
        }
    }

    /** The next families that there is room for, at least one. */
    private List<Family> open(KvCache cache, int first) {
        List<Family> together = new ArrayList<>();
        int free = ROWS;
        for (int i = first; i < families.size() && together.size() < MOST_FAMILIES; i++) {
            Family next = families.get(i);
            boolean fits = next.longest() <= free && cache.hasRoom(next.longest());
            if (!together.isEmpty()
                    && !(fits && next.isShared() && together.get(0).isShared())) {
                break;
            }
            next.open(cache);
            together.add(next);
            free -= next.longest();
        }
        return together;
    }

    private void score(Batch batch, List<Family> together, Model.ScoreListener listener, LongConsumer progress) {
        read(batch, together.stream().flatMap(Family::stemPart).toList());
        progress.accept(together.stream().mapToLong(family -> family.stem).sum());
        int most =
                together.stream().mapToInt(family -> family.groups.size()).max().orElseThrow();
        for (int i = 0; i < most; i++) {
            int number = i;
            List<Group> groups = together.stream()
                    .filter(family -> number < family.groups.size())
                    .map(family -> family.groups.get(number))
                    .toList();
            read(
                    batch,
                    groups.stream()
                            .flatMap(group -> group.family.prefixPart(group))
                            .toList());
            score(batch, groups);
            for (Group group : groups) {
                listener.scored(group.index, List.of(group.scores));
                progress.accept(group.tokensAfterStem());
            }
        }
    }

    private void read(Batch batch, List<Batch.Part> parts) {
        if (!parts.isEmpty()) {
            decoder.score(batch, parts, new int[0]);
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

    /** Groups that begin alike, and share a sequence. */
    private final class Family implements AutoCloseable {
        private final List<Group> groups = new ArrayList<>();

        /** Tokens that are read once for all of them. */
        private int stem;

        private KvCache.Sequence sequence;

        Family(Group first) {
            stem = first.prefix;
            add(first);
        }

        private void add(Group group) {
            groups.add(group);
            group.family = this;
        }

        boolean join(Group group) {
            Group first = groups.get(0);
            int common = Math.min(stem, first.alike(group));
            if (!(first.isShared && group.isShared)
                    || groups.size() == MOST_GROUPS
                    || common == 0
                    || 2 * common < Math.max(first.prefix, group.prefix)) {
                return false;
            }
            stem = common;
            add(group);
            return true;
        }

        boolean isShared() {
            return groups.get(0).isShared;
        }

        int longest() {
            return groups.stream().mapToInt(group -> group.longest).max().orElseThrow();
        }

        long tokens() {
            return stem + groups.stream().mapToLong(Group::tokensAfterStem).sum();
        }

        void open(KvCache cache) {
            sequence = cache.open();
            sequence.reserve(longest());
        }

        Stream<Batch.Part> stemPart() {
            return part(groups.get(0), 0, stem);
        }

        /** What is still to be read in front of the continuations of {@code group}. */
        Stream<Batch.Part> prefixPart(Group group) {
            sequence.shrinkTo(stem);
            return part(group, stem, group.prefix);
        }

        private Stream<Batch.Part> part(Group group, int from, int to) {
            return from == to
                    ? Stream.of()
                    : Stream.of(new Batch.Part(sequence, Arrays.copyOfRange(group.read(0), from, to), 0));
        }

        @Override
        public void close() {
            if (sequence != null) {
                sequence.close();
            }
        }
    }

    /** Continuations that are told together. */
    private final class Group {
        private final int index;
        private final List<Continuation> continuations;
        private final Continuation.Score[] scores;
        private final int longest;
        private final long tokens;

        /** Whether its continuations may share a beginning, and a batch with others: rotary frequencies are the same for all lengths. */
        private final boolean isShared;

        /** Tokens that are read once. */
        private final int prefix;

        private Family family;

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

        /** By the tokens of the prefixes. */
        int compareTo(Group other) {
            return Arrays.compare(
                    context(), from(), from() + prefix, other.context(), other.from(), other.from() + other.prefix);
        }

        /** How many tokens of the prefixes are the same. */
        int alike(Group other) {
            int differs = Arrays.mismatch(
                    context(), from(), from() + prefix, other.context(), other.from(), other.from() + other.prefix);
            return differs < 0 ? prefix : differs;
        }

        private int[] context() {
            return continuations.get(0).context();
        }

        private int from() {
            return continuations.get(0).firstRead(positions);
        }

        int size() {
            return continuations.size();
        }

        long tokensAfterStem() {
            return tokens - family.stem;
        }

        Batch.Part part(int number) {
            family.sequence.shrinkTo(prefix);
            int[] ids = read(number);
            return new Batch.Part(
                    family.sequence,
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
    }
}
