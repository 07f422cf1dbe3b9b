package org.mxforge.dsl.layout;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScaleFormat;

/**
 * How a matrix is cut into groups that share a scale: {@code size} consecutive elements along K, and how a scale is written.
 *
 * @param size elements in a group: {@value #GROUP} in OCP MX v1.0; 16 and 64 besides where nothing is folded
 * @param format format of the scales
 */
public record GroupLayout(int size, ScaleFormat format) {
    /** Elements that share one scale in every format of OCP MX v1.0. */
    public static final int GROUP = 32;

    /** The groups of OCP MX v1.0. */
    public static final GroupLayout MX = new GroupLayout(GROUP, ScaleFormat.E8M0);

    private static final Pattern TEXT = Pattern.compile("g(\\d{1,4})(?:\\.([a-z0-9]+))?");

    public GroupLayout {
        if (format == null) {
            throw new IllegalArgumentException("a group layout needs a scale format");
        }
        if (size != 16 && size != GROUP && size != 64) {
            throw new IllegalArgumentException(
                    "there are no groups of " + size + ": use 32, as OCP MX v1.0 has them, 16 or 64");
        }
    }

    /** Whether these are the groups of OCP MX v1.0: 32 elements under an E8M0 scale. */
    public boolean isMx() {
        return equals(MX);
    }

    /** What the channels of a partition are a multiple of: whole groups, and whole 32 codes, by which kernels take them. */
    public int channelMultiple() {
        return Math.max(size, GROUP);
    }

    /** Whether each of {@code partitions} has channels, and a multiple of {@link #channelMultiple()}. */
    public boolean cuts(List<Integer> partitions) {
        return partitions.stream().allMatch(channels -> channels > 0 && channels % channelMultiple() == 0);
    }

    /** How many groups {@code channels} are, a multiple of {@link #channelMultiple()}. */
    public int count(int channels) {
        return channels / size;
    }

    /** Bytes that the packed codes of a group take. */
    public int bytes(ElementFormat element) {
        return size * element.bits() / Byte.SIZE;
    }

    /** The token that spec texts use, such as {@code g32}; E8M0 is not written. */
    public String text() {
        return "g" + size + (format == ScaleFormat.E8M0 ? "" : "." + format.text());
    }

    /**
     * Reads {@link #text()}.
     *
     * @throws IllegalArgumentException naming the text and the form that is wanted
     */
    public static GroupLayout parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("bad group layout '" + text + "': write it as g32");
        }
        return new GroupLayout(
                Integer.parseInt(parts.group(1)),
                parts.group(2) == null ? ScaleFormat.E8M0 : ScaleFormat.parse(parts.group(2)));
    }
}
