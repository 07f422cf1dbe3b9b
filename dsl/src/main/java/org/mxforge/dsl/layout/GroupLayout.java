package org.mxforge.dsl.layout;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScaleFormat;

/**
 * How a matrix is cut into groups that share a scale: {@code size} consecutive elements along K, how a scale is written, and where
 * scales lie.
 *
 * @param size elements in a group: {@value #GROUP} in OCP MX v1.0; 16 and 64 besides where nothing is folded
 * @param format format of the scales
 * @param scales placement of the scales
 * @param relaxed whether folding may round elements that their container cannot hold exactly: bound by
 *     {@code 2^-4} of the element for E4M3 and E5M2 containers, or half the container's smallest step times the row's factor
 */
public record GroupLayout(int size, ScaleFormat format, ScaleLayout scales, boolean relaxed) {
    /** Elements that share one scale in every format of OCP MX v1.0. */
    public static final int GROUP = 32;

    private static final String RELAXED = ".relaxed";

    private static final Pattern TEXT = Pattern.compile("g(\\d{1,4})(?:\\.([a-z0-9]+))?\\.([a-z0-9]+)");

    /** The layout of checkpoints and of the CPU target. */
    public static final GroupLayout ROWS = mx(ScaleLayout.ROWS);

    /** The layout of the CUDA targets. */
    public static final GroupLayout TILED = mx(ScaleLayout.TILE128X4);

    /** The layout of sm_90a's FP8 tensor cores. */
    public static final GroupLayout FOLDED = mx(ScaleLayout.FOLDED);

    /** Exact on sm_90a whatever the scales, at half the rate. */
    public static final GroupLayout EXPANDED = mx(ScaleLayout.EXPANDED);

    /** The layout of sm_90a's FP8 tensor cores, with weights that stay packed. */
    public static final GroupLayout STREAMED = mx(ScaleLayout.STREAMED);

    public GroupLayout {
        if (format == null || scales == null) {
            throw new IllegalArgumentException("a group layout needs a scale format and a scale layout");
        }
        if (size != 16 && size != GROUP && size != 64) {
            throw new IllegalArgumentException(
                    "there are no groups of " + size + ": use 32, as OCP MX v1.0 has them, 16 or 64");
        }
        if (scales.isFolded() && !isMx(size, format)) {
            throw new IllegalArgumentException(
                    "scale layout " + scales.text() + " is for groups of 32 with e8m0 scales, not of "
                            + size + " with " + format.text()
                            + ": a tile of 128 channels holds four groups, and powers of two are what"
                            + " folds into their elements; use tile128x4 or rows");
        }
        if (relaxed && scales != ScaleLayout.FOLDED && scales != ScaleLayout.STREAMED) {
            throw new IllegalArgumentException("scale layout " + scales.text()
                    + " cannot be relaxed: only folding into FP8 rounds, and it does not");
        }
    }

    /** An exact layout of the groups of OCP MX v1.0. */
    public static GroupLayout mx(ScaleLayout scales) {
        return new GroupLayout(GROUP, ScaleFormat.E8M0, scales, false);
    }

    /** Whether these are the groups of OCP MX v1.0: 32 elements under an E8M0 scale. */
    public boolean isMx() {
        return isMx(size, format);
    }

    private static boolean isMx(int size, ScaleFormat format) {
        return size == GROUP && format == ScaleFormat.E8M0;
    }

    /** The same layout, allowed to round. */
    public GroupLayout asRelaxed() {
        return new GroupLayout(size, format, scales, true);
    }

    /**
     * The same with another placement of the scales.
     *
     * @throws IllegalArgumentException if this layout may round and the placement has nothing to round
     */
    public GroupLayout withScales(ScaleLayout other) {
        return new GroupLayout(size, format, other, relaxed);
    }

    /** What the channels of a partition are a multiple of: whole groups, and whole 32 codes, by which kernels take them. */
    public int channelMultiple() {
        return Math.max(size, GROUP);
    }

    /** Bytes that the packed codes of a group take. */
    public int bytes(ElementFormat element) {
        return size * element.bits() / Byte.SIZE;
    }

    /** The token that spec texts use, such as {@code g32.tile128x4} or {@code g32.folded.relaxed}; E8M0 is not written. */
    public String text() {
        String written = format == ScaleFormat.E8M0 ? "" : "." + format.text();
        return "g" + size + written + "." + scales.text() + (relaxed ? RELAXED : "");
    }

    /**
     * Reads {@link #text()}.
     *
     * @throws IllegalArgumentException naming the text and the form that is wanted
     */
    public static GroupLayout parse(String text) {
        boolean relaxed = text.endsWith(RELAXED);
        Matcher plain = TEXT.matcher(relaxed ? text.substring(0, text.length() - RELAXED.length()) : text);
        if (!plain.matches()) {
            throw new IllegalArgumentException(
                    "bad group layout '" + text + "': write it as g32.rows, g32.tile128x4 or g32.folded.relaxed");
        }
        return new GroupLayout(
                Integer.parseInt(plain.group(1)),
                plain.group(2) == null ? ScaleFormat.E8M0 : ScaleFormat.parse(plain.group(2)),
                ScaleLayout.parse(plain.group(3)),
                relaxed);
    }
}
