package org.mxforge.runtime.tune.wisdom;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.runtime.kernel.KernelProblem;

/**
 * The records of one source of wisdom, by key, and the count of its lines that were not understood. A source of thousands of lines
 * is asked about few kernels: lines can be put in unread, and are read when something is asked that they may have a word on.
 */
final class WisdomBook {
    /** By the number of the line, whenever that was read. */
    private final Map<WisdomKey, NavigableMap<Integer, WisdomRecord>> records = new LinkedHashMap<>();

    private final Map<String, List<Line>> unread = new LinkedHashMap<>();
    private final WisdomLine.Reader reader = new WisdomLine.Reader();
    private int lines;
    private int damaged;
    private int foreign;

    private record Line(int number, String text) {}

    /** Takes a line of a wisdom file if it is one, and if {@code wanted} holds; else counts it. */
    void take(String line, Predicate<WisdomRecord> wanted) {
        read(new Line(lines++, line), wanted);
    }

    private void read(Line line, Predicate<WisdomRecord> wanted) {
        try {
            reader.read(line.text).filter(wanted).ifPresentOrElse(entry -> add(line.number, entry), () -> foreign++);
        } catch (IllegalArgumentException e) {
            damaged++;
        }
    }

    /** Takes a line that says in its first words which kernel it is about, for later; any other at once. */
    void takeUnread(String line) {
        Optional<String> spec = WisdomLine.spec(line);
        if (spec.isPresent()) {
            unread.computeIfAbsent(spec.get(), text -> new ArrayList<>()).add(new Line(lines++, line));
        } else {
            take(line, entry -> true);
        }
    }

    private void read(KernelSpec spec, Predicate<String> wanted) {
        for (Iterator<Line> left =
                        unread.getOrDefault(spec.text(), new ArrayList<>()).iterator();
                left.hasNext(); ) {
            Line line = left.next();
            if (wanted.test(line.text)) {
                left.remove();
                read(line, entry -> true);
            }
        }
    }

    private void readAbout(WisdomKey key) {
        String mention = WisdomLine.mention(key.shape());
        read(key.spec(), line -> line.contains(mention));
    }

    private void readAll() {
        unread.values().forEach(about -> about.forEach(line -> read(line, entry -> true)));
        unread.clear();
    }

    void add(WisdomRecord entry) {
        add(lines++, entry);
    }

    private void add(int line, WisdomRecord entry) {
        records.computeIfAbsent(entry.key(), key -> new TreeMap<>()).put(line, entry);
    }

    /** Lines that mean nothing. */
    int damaged() {
        readAll();
        return damaged;
    }

    /** Lines of another version of the format, or about another device than the one that was asked for. */
    int foreign() {
        readAll();
        return foreign;
    }

    /** Everything that is known about {@code key}, oldest first. */
    List<WisdomRecord> records(WisdomKey key) {
        readAbout(key);
        return List.copyOf(about(key));
    }

    private Collection<WisdomRecord> about(WisdomKey key) {
        return records.getOrDefault(key, Collections.emptyNavigableMap()).values();
    }

    /** All records, in the order of their keys' first lines. */
    Stream<WisdomRecord> records() {
        readAll();
        return records.values().stream().flatMap(about -> about.values().stream());
    }

    /** What it knows about. */
    List<WisdomKey> keys() {
        readAll();
        return List.copyOf(records.keySet());
    }

    /** Of the searches that {@code holds} accepts: the winner of the newest full one, or else of the newest one. */
    Optional<WisdomRecord> winner(WisdomKey key, Predicate<WisdomRecord> holds) {
        readAbout(key);
        Optional<WisdomRecord> newest = Optional.empty();
        for (WisdomRecord entry : about(key)) {
            if (entry.coverage().isPresent()
                    && (entry.endsFullSearch()
                            || !newest.map(WisdomRecord::endsFullSearch).orElse(false))
                    && holds.test(entry)) {
                newest = Optional.of(entry);
            }
        }
        return newest;
    }

    /** The winners of all shapes of {@code problem}, in the order in which the source has them. */
    Stream<WisdomRecord> winners(KernelProblem problem) {
        read(problem.spec(), WisdomLine::endsSearch);
        return List.copyOf(records.keySet()).stream()
                .filter(key -> key.problem().equals(problem))
                .sorted(Comparator.comparing(key -> records.get(key).firstKey()))
                .flatMap(key -> winner(key, entry -> true).stream());
    }
}
