package org.mxforge.runtime.tune;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The records of one source of wisdom, by key, and the count of its lines that were not understood. */
public final class WisdomBook {
    private final Map<WisdomKey, List<WisdomRecord>> records = new LinkedHashMap<>();
    private final KnownSpaces spaces = new KnownSpaces();
    private int damaged;
    private int foreign;

    /** Takes a line of a wisdom file if it is one, and if {@code wanted} holds; else counts it. */
    void take(String line, Predicate<WisdomRecord> wanted) {
        try {
            WisdomLine.read(line, spaces).filter(wanted).ifPresentOrElse(this::add, () -> foreign++);
        } catch (IllegalArgumentException e) {
            damaged++;
        }
    }

    void add(WisdomRecord entry) {
        records.computeIfAbsent(entry.key(), key -> new ArrayList<>()).add(entry);
    }

    /** Lines that mean nothing. */
    public int damaged() {
        return damaged;
    }

    /** Lines of another version of the format, or about another device than the one that was asked for. */
    public int foreign() {
        return foreign;
    }

    /** Everything that is known about {@code key}, oldest first. */
    public List<WisdomRecord> records(WisdomKey key) {
        return List.copyOf(records.getOrDefault(key, List.of()));
    }

    /** All records, in the order of their keys' first lines. */
    public Stream<WisdomRecord> records() {
        return records.values().stream().flatMap(List::stream);
    }

    /** What it knows about. */
    public List<WisdomKey> keys() {
        return List.copyOf(records.keySet());
    }

    /** Of the searches that {@code holds} accepts: the winner of the newest full one, or else of the newest one. */
    public Optional<WisdomRecord> winner(WisdomKey key, Predicate<WisdomRecord> holds) {
        Optional<WisdomRecord> newest = Optional.empty();
        for (WisdomRecord entry : records.getOrDefault(key, List.of())) {
            if (entry.coverage().isPresent()
                    && (entry.endsFullSearch()
                            || !newest.map(WisdomRecord::endsFullSearch).orElse(false))
                    && holds.test(entry)) {
                newest = Optional.of(entry);
            }
        }
        return newest;
    }
}
