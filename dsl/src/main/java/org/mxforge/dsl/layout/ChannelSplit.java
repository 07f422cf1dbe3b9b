package org.mxforge.dsl.layout;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The reordered channels of a linear layer's input, cut into partitions along K in the order they are multiplied, smallest
 * channels first (MicroMix, section 3). Empty partitions are left out.
 *
 * @param partitions at least one, at most {@link #MAX_PARTITIONS}
 * @param granularity every partition is a multiple of it: 32, 64 or 128
 * @param groups the groups that share a scale, of both operands
 */
public record ChannelSplit(List<Partition> partitions, int granularity, GroupLayout groups) {
    /** Most partitions that one launch takes. */
    public static final int MAX_PARTITIONS = 8;

    public ChannelSplit {
        partitions = List.copyOf(partitions);
        if (partitions.isEmpty() || partitions.size() > MAX_PARTITIONS) {
            throw new IllegalArgumentException(
                    "a channel split has 1 to " + MAX_PARTITIONS + " partitions, not " + partitions.size());
        }
        if (granularity != 32 && granularity != 64 && granularity != 128) {
            throw new IllegalArgumentException("granularity " + granularity + " is not 32, 64 or 128");
        }
        for (Partition partition : partitions) {
            if (partition.channels() % granularity != 0) {
                throw new IllegalArgumentException(
                        "partition " + partition.text() + " is not a multiple of granularity " + granularity);
            }
            if (partition.channels() % groups.channelMultiple() != 0) {
                throw new IllegalArgumentException("partition " + partition.text() + " is not a multiple of "
                        + groups.channelMultiple() + ", as groups " + groups.text() + " want");
            }
        }
        long channels = partitions.stream().mapToLong(Partition::channels).sum();
        if (channels > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a channel split of " + channels + " channels is too wide");
        }
    }

    /** A split in groups of OCP MX. */
    public ChannelSplit(List<Partition> partitions, int granularity) {
        this(partitions, granularity, GroupLayout.MX);
    }

    /** One partition over all {@code channels}. */
    public static ChannelSplit uniform(FormatPair formats, int channels) {
        return new ChannelSplit(List.of(new Partition(formats, channels)), GroupLayout.GROUP);
    }

    /** Total channels, the K of the GEMM. */
    public int channels() {
        return partitions.stream().mapToInt(Partition::channels).sum();
    }

    /** The pairs of the partitions, in order: the part of a split that a kernel is specialised on. */
    public List<FormatPair> pairs() {
        return partitions.stream().map(Partition::formats).toList();
    }

    /** Mean element width of the activation side in bits, scales not counted. */
    public double activationBits() {
        return partitions.stream()
                        .mapToDouble(p ->
                                (double) p.channels() * p.formats().activation().bits())
                        .sum()
                / channels();
    }

    /** Mean element width of the weight side in bits, scales not counted. */
    public double weightBits() {
        return partitions.stream()
                        .mapToDouble(p ->
                                (double) p.channels() * p.formats().weight().bits())
                        .sum()
                / channels();
    }

    /** Canonical text, such as {@code e2m1xe2m1:896+e4m3xe2m1:128/128}; groups that are not those of OCP MX follow, as {@code /g16}. */
    public String text() {
        return partitions.stream().map(Partition::text).collect(Collectors.joining("+")) + "/" + granularity
                + (groups.isMx() ? "" : "/" + groups.text());
    }

    /**
     * Reads {@link #text()}.
     *
     * @throws IllegalArgumentException naming the text and what is wrong with it
     */
    public static ChannelSplit parse(String text) {
        int slash = text.indexOf('/');
        int end = text.indexOf('/', slash + 1);
        List<Partition> partitions = new ArrayList<>();
        try {
            for (String part : text.substring(0, slash).split("\\+", -1)) {
                int colon = part.indexOf(':');
                partitions.add(new Partition(
                        FormatPair.parse(part.substring(0, colon)), Integer.parseInt(part.substring(colon + 1))));
            }
            ChannelSplit split = new ChannelSplit(
                    partitions,
                    Integer.parseInt(end < 0 ? text.substring(slash + 1) : text.substring(slash + 1, end)),
                    end < 0 ? GroupLayout.MX : GroupLayout.parse(text.substring(end + 1)));
            if (!split.text().equals(text)) {
                throw new NumberFormatException("a number with leading zeros or foreign digits");
            }
            return split;
        } catch (StringIndexOutOfBoundsException | NumberFormatException e) {
            throw new IllegalArgumentException(
                    "bad channel split '" + text + "': write it as e2m1xe2m1:896+e4m3xe2m1:128/128", e);
        }
    }
}
