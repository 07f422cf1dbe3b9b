package org.mxforge.runtime.cli.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mxforge.dsl.layout.GroupLayout;

/**
 * How channels are shared out among partitions.
 *
 * @param percents of all channels, each more than 0, together 100
 */
record Shares(List<Integer> percents) {
    private static final int GRANULARITY = 128;
    private static final int WHOLE = 100;
    private static final Pattern TEXT = Pattern.compile("\\d{1,3}(:\\d{1,3}){0,7}");

    public Shares {
        percents = List.copyOf(percents);
        int sum = percents.stream().mapToInt(Integer::intValue).sum();
        if (sum != WHOLE || percents.stream().anyMatch(percent -> percent <= 0)) {
            throw new IllegalArgumentException("the shares " + text(percents)
                    + " do not share out the channels: give whole percents above 0 that add up to 100");
        }
    }

    /**
     * Reads percents joined by colons, such as {@code 70:20:10}.
     *
     * @throws IllegalArgumentException naming the text and the form that is wanted
     */
    public static Shares parse(String text) {
        if (!TEXT.matcher(text).matches()) {
            throw new IllegalArgumentException("bad split '" + text + "': write percents, as 70:20:10");
        }
        return new Shares(Stream.of(text.split(":")).map(Integer::valueOf).toList());
    }

    /** Percents joined by colons. */
    public String text() {
        return text(percents);
    }

    private static String text(List<Integer> percents) {
        return percents.stream().map(String::valueOf).collect(Collectors.joining(":"));
    }

    /**
     * Channels of each partition: multiples of 128, the last takes what is left.
     *
     * @throws IllegalArgumentException if {@code channels} is not a multiple of 32, or too few for each to get some
     */
    public List<Integer> channels(int channels) {
        if (channels <= 0 || channels % GroupLayout.GROUP != 0) {
            throw new IllegalArgumentException(
                    channels + " channels cannot be cut into MX groups: give a positive multiple of 32");
        }
        List<Integer> parts = new ArrayList<>();
        int percent = 0;
        int begin = 0;
        for (int share : percents) {
            percent += share;
            int end = percent == WHOLE
                    ? channels
                    : (int) Math.round((double) channels * percent / WHOLE / GRANULARITY) * GRANULARITY;
            parts.add(end - begin);
            begin = end;
        }
        if (parts.stream().anyMatch(part -> part <= 0)) {
            throw new IllegalArgumentException(channels + " channels are too few for a split of " + text()
                    + ", in which each part is a multiple of 128: give more channels or fewer parts");
        }
        return List.copyOf(parts);
    }
}
