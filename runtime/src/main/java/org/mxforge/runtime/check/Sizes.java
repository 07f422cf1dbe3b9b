package org.mxforge.runtime.check;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The sizes of a case by their names; what each partition has for itself is there as often.
 *
 * @param values in the order of the names
 */
public record Sizes(SortedMap<String, List<Integer>> values) {
    public Sizes {
        SortedMap<String, List<Integer>> copy = new TreeMap<>();
        values.forEach((name, list) -> copy.put(name, List.copyOf(list)));
        values = Collections.unmodifiableSortedMap(copy);
    }

    static Sizes usual(List<Extent> extents) {
        SortedMap<String, List<Integer>> values = new TreeMap<>();
        for (Extent extent : extents) {
            values.put(extent.name(), Collections.nCopies(extent.count(), extent.usual()));
        }
        return new Sizes(values);
    }

    /** A size that is there once. */
    int get(String name) {
        return values.get(name).get(0);
    }

    /** A size that each partition has. */
    List<Integer> all(String name) {
        return values.get(name);
    }

    /** These with others in place of those of {@code name}. */
    public Sizes with(String name, List<Integer> others) {
        SortedMap<String, List<Integer>> changed = new TreeMap<>(values);
        changed.put(name, others);
        return new Sizes(changed);
    }

    /** These with those that {@code text} names in their place, as {@code m=5,k=32+64}; one number does for all partitions. */
    public Sizes with(String text) {
        return with(parse(text));
    }

    /** These with {@code others} in their place; one number does for all partitions. */
    public Sizes with(Sizes others) {
        Sizes changed = this;
        for (Map.Entry<String, List<Integer>> said : others.values.entrySet()) {
            List<Integer> own = values.get(said.getKey());
            boolean same = own != null && own.size() > 1 && said.getValue().size() == 1;
            changed = changed.with(
                    said.getKey(),
                    same ? Collections.nCopies(own.size(), said.getValue().get(0)) : said.getValue());
        }
        return changed;
    }

    /** As in the line of a case: {@code k=64+32,m=5}. */
    public String text() {
        return values.entrySet().stream()
                .map(entry -> entry.getKey() + "="
                        + entry.getValue().stream().map(String::valueOf).collect(Collectors.joining("+")))
                .collect(Collectors.joining(","));
    }

    /**
     * Reads {@link #text}.
     *
     * @throws IllegalArgumentException naming the text and the form that is wanted
     */
    public static Sizes parse(String text) {
        SortedMap<String, List<Integer>> values = new TreeMap<>();
        for (String part : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            if (!part.matches("[a-zA-Z]+=\\d{1,7}(\\+\\d{1,7}){0,7}")) {
                throw new IllegalArgumentException("bad sizes '" + text + "': write them as m=5,n=40,k=64+32");
            }
            int equals = part.indexOf('=');
            List<Integer> numbers =
                    new ArrayList<>(Stream.of(part.substring(equals + 1).split("\\+"))
                            .map(Integer::valueOf)
                            .toList());
            if (values.put(part.substring(0, equals), numbers) != null) {
                throw new IllegalArgumentException("sizes '" + text + "' name one twice");
            }
        }
        return new Sizes(values);
    }

    /** Of one array, in numbers: what operands are made of in host memory. */
    private static final long MOST_NUMBERS = 1L << 28;

    /** Makes sure that these are what {@code extents} say, and each one that the kernel takes. */
    void check(List<Extent> extents, String kernel) {
        String names = extents.stream().map(Extent::name).sorted().collect(Collectors.joining(", "));
        for (String name : values.keySet()) {
            if (extents.stream().noneMatch(extent -> extent.name().equals(name))) {
                throw new IllegalArgumentException(
                        "operands of " + kernel + " have no size '" + name + "': there are " + names);
            }
        }
        for (Extent extent : extents) {
            List<Integer> own = values.get(extent.name());
            if (own == null || own.size() != extent.count()) {
                throw new IllegalArgumentException("sizes '" + text() + "' have "
                        + (own == null ? "no" : "" + own.size()) + " '" + extent.name() + "': " + kernel + " needs "
                        + extent.count());
            }
            for (int size : own) {
                if (size < extent.least() || (size - extent.least()) % extent.step() != 0) {
                    throw new IllegalArgumentException("size " + extent.name() + " of " + kernel + " is " + size
                            + ": give " + extent.least()
                            + (extent.step() == 1 ? " or more" : " and any number of " + extent.step() + " more"));
                }
            }
        }
        long[] all = values.values().stream()
                .mapToLong(own -> own.stream().mapToLong(Integer::longValue).sum())
                .sorted()
                .toArray();
        int last = all.length - 1;
        if (last > 0 && all[last] * all[last - 1] > MOST_NUMBERS) {
            throw new IllegalArgumentException(
                    "sizes '" + text() + "' make operands of " + kernel + " too large: choose smaller ones");
        }
    }
}
