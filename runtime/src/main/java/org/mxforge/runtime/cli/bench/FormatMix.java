package org.mxforge.runtime.cli.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.Partition;

/**
 * What is multiplied: one format pair, or several that share the channels.
 *
 * @param text as the user wrote it
 * @param pairs in the order of accumulation
 * @param shares of the channels, one for each pair
 */
record FormatMix(String text, List<FormatPair> pairs, Shares shares) {
    /** MicroMix's names; its MXFP6 is E3M2 and its MXFP8 is E4M3. */
    private static final Map<String, String> MICROMIX = Map.of("mxfp4", "e2m1", "mxfp6", "e3m2", "mxfp8", "e4m3");

    public FormatMix {
        pairs = List.copyOf(pairs);
        if (pairs.size() != shares.percents().size()) {
            throw new IllegalArgumentException(pairs.size() + " format pairs cannot take the shares " + shares.text());
        }
    }

    /**
     * Reads a pair, activation first, in our names or MicroMix's ({@code e4m3xe2m1}, {@code mxfp8xmxfp4}), or several with their
     * percents ({@code e2m1xe2m1:70+e3m2xe3m2:20+e4m3xe4m3:10}).
     *
     * @throws IllegalArgumentException naming the text and what is wrong with it
     */
    public static FormatMix parse(String text) {
        if (!text.contains(":")) {
            return new FormatMix(text, List.of(pair(text)), new Shares(List.of(100)));
        }
        List<FormatPair> pairs = new ArrayList<>();
        List<String> percents = new ArrayList<>();
        for (String part : text.split("\\+", -1)) {
            int colon = part.indexOf(':');
            if (colon < 0) {
                throw new IllegalArgumentException("bad format mix '" + text
                        + "': give each pair its percent, as e2m1xe2m1:70+e3m2xe3m2:20+e4m3xe4m3:10");
            }
            pairs.add(pair(part.substring(0, colon)));
            percents.add(part.substring(colon + 1));
        }
        return new FormatMix(text, pairs, Shares.parse(String.join(":", percents)));
    }

    private static FormatPair pair(String text) {
        // MicroMix's own names hold an x.
        String[] names = text.replace("mxfp", "mfp").split("x", -1);
        for (int i = 0; i < names.length; i++) {
            String name = names[i].replace("mfp", "mxfp");
            names[i] = MICROMIX.getOrDefault(name, name);
        }
        if (names.length != 2) {
            throw new IllegalArgumentException(
                    "bad format pair '" + text + "': write activation x weight, as e4m3xe2m1 or mxfp8xmxfp4");
        }
        return FormatPair.parse(names[0] + "x" + names[1]);
    }

    /** The partitions of {@code channels} channels. */
    public ChannelSplit split(int channels) {
        List<Integer> parts = shares.channels(channels);
        List<Partition> partitions = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            partitions.add(new Partition(pairs.get(i), parts.get(i)));
        }
        return new ChannelSplit(partitions, GroupLayout.GROUP);
    }
}
