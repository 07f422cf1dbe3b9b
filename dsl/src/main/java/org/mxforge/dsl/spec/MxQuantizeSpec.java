package org.mxforge.dsl.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.FoldedFormat;
import org.mxforge.dsl.layout.GroupLayout;

/**
 * Reorder-quantize (MicroMix section 4): applies the prologue to each row of [rows][K], gathers channels by the reorder
 * index (new channel i is old channel index[i]), and for every partition transforms each group of 32, chooses its scale, rounds and
 * packs. The result is what {@link MxGemmSpec} reads.
 *
 * <p>An algorithm that writes {@link org.mxforge.dsl.layout.OperandLayout#CONTAINERS} stores FP8 containers instead of codes
 * ({@link FoldedFormat}, {@link org.mxforge.dsl.layout.ContainerTile}). Let S be the scale byte of a group. The row's
 * R is the largest S - {@link FoldedFormat#highest()} over its groups with a code other than zero, 127 if there are none. Its
 * factor is 2^(R - 127), and a code is stored as the container nearest to its value times 2^(S - R), ties to even. A tolerance
 * allows that to round. An exact quantizer raises the scale of a group that lies too low to R +
 * {@link FoldedFormat#lowest()}, and its codes are rounded at that scale: a coarser encoding, but a valid one, and nothing is
 * rounded twice; it writes {@link org.mxforge.dsl.layout.OperandLayout#MIXED}, where formats without room are stored in BF16 and have
 * {@link FoldedFormat#highestInBf16} and {@link FoldedFormat#LOWEST_IN_BF16} as their bounds. A row with a NaN or an infinity has the
 * factor NaN and R 255. Partitions are padded to whole tiles with zeros; rows are not, and their tiles hold what they held.
 *
 * @param side operand it makes; the weight side takes no prologue
 * @param formats element format of each partition, 1 to 8
 * @param rule how a scale is chosen
 * @param groups which elements share a scale
 * @param transform what a group goes through first; the weight side takes none, since weights are transformed on the host
 * @param prologue what happens to a row first
 * @param source type of the input: BF16 or FP32
 * @param tolerance whether elements may be rounded again when their scales are folded into them
 * @param rows which rows of the input are made, and into which of the result
 */
public record MxQuantizeSpec(
        Side side,
        List<ElementFormat> formats,
        ScaleRule rule,
        GroupLayout groups,
        GroupTransform transform,
        Prologue prologue,
        ScalarType source,
        Tolerance tolerance,
        Rows rows)
        implements KernelSpec {
    /** Which rows there are; where an index of them says so, those with a negative number mean nothing afterwards. */
    public enum Rows {
        /** All, each into its own place. */
        ALL,
        /** Row i of the result is row index[i] of the input. */
        GATHERED,
        /** Row i where index[i] is not negative. */
        HELD;

        /** Whether the launch has an index. */
        public boolean indexed() {
            return this != ALL;
        }

        /** As it is written in specs. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        private static Rows parse(String text) {
            return Stream.of(GATHERED, HELD)
                    .filter(rows -> rows.text().equals(text))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "a quantizer's rows are gathered, held, or all, which is not said, not '" + text + "'"));
        }
    }

    public static final String STEM = "mxquantize";

    /** Version of the texts: since the second one, where the result lies is no part of them. */
    public static final int VERSION = 2;

    public MxQuantizeSpec {
        formats = List.copyOf(formats);
        if (Stream.of(side, rule, groups, transform, prologue, source, tolerance, rows)
                .anyMatch(Objects::isNull)) {
            throw new IllegalArgumentException(
                    "a quantizer needs a side, scale rule, group layout, transform, prologue, source, tolerance and rows");
        }
        if (formats.isEmpty() || formats.size() > ChannelSplit.MAX_PARTITIONS) {
            throw new IllegalArgumentException(
                    "a quantizer has 1 to " + ChannelSplit.MAX_PARTITIONS + " partitions, not " + formats.size());
        }
        if (side == Side.WEIGHT && prologue != Prologue.NONE) {
            throw new IllegalArgumentException(
                    "prologue " + prologue.text() + " belongs to activations: weights are quantized as they are");
        }
        if (side == Side.WEIGHT && rows.indexed()) {
            throw new IllegalArgumentException(
                    "rows " + rows.text() + " belong to activations: weights are quantized as they are");
        }
        if (transform != GroupTransform.NONE && (side == Side.WEIGHT || !groups.isMx())) {
            throw new IllegalArgumentException("transform " + transform.text() + " is for groups of "
                    + GroupLayout.GROUP + " activations: weights are transformed before");
        }
        if (source == ScalarType.FP16) {
            throw new IllegalArgumentException("a quantizer reads bf16 or fp32, not fp16");
        }
    }

    /** A quantizer of all rows. */
    public MxQuantizeSpec(
            Side side,
            List<ElementFormat> formats,
            ScaleRule rule,
            GroupLayout groups,
            GroupTransform transform,
            Prologue prologue,
            ScalarType source,
            Tolerance tolerance) {
        this(side, formats, rule, groups, transform, prologue, source, tolerance, Rows.ALL);
    }

    /** A quantizer that takes groups as they are. */
    public MxQuantizeSpec(
            Side side,
            List<ElementFormat> formats,
            ScaleRule rule,
            GroupLayout groups,
            Prologue prologue,
            ScalarType source,
            Tolerance tolerance) {
        this(side, formats, rule, groups, GroupTransform.NONE, prologue, source, tolerance);
    }

    /** A quantizer of activations to OCP MX groups. */
    public static MxQuantizeSpec activation(
            List<ElementFormat> formats, ScaleRule rule, Prologue prologue, ScalarType source, Tolerance tolerance) {
        return new MxQuantizeSpec(Side.ACTIVATION, formats, rule, GroupLayout.MX, prologue, source, tolerance);
    }

    /** The same after {@code other} transform. */
    public MxQuantizeSpec with(GroupTransform other) {
        return new MxQuantizeSpec(side, formats, rule, groups, other, prologue, source, tolerance, rows);
    }

    /** The same of {@code other} rows. */
    public MxQuantizeSpec with(Rows other) {
        return new MxQuantizeSpec(side, formats, rule, groups, transform, prologue, source, tolerance, other);
    }

    @Override
    public String stem() {
        return STEM;
    }

    /** A transform is left out where there is none, and rows where all are made, as texts had it before there were others. */
    @Override
    public String text() {
        List<String> fields = new ArrayList<>(List.of(
                "side",
                side.text(),
                "formats",
                formats.stream().map(ElementFormat::text).collect(Collectors.joining("+")),
                "rule",
                rule.text(),
                "groups",
                groups.text()));
        if (transform != GroupTransform.NONE) {
            fields.addAll(List.of("transform", transform.text()));
        }
        fields.addAll(List.of("prologue", prologue.text(), "in", source.text(), "tolerance", tolerance.text()));
        if (rows.indexed()) {
            fields.addAll(List.of("rows", rows.text()));
        }
        return SpecText.write(STEM, VERSION, fields.toArray(String[]::new));
    }

    /** Reads the fields of {@link #text()}. */
    public static MxQuantizeSpec read(SpecText fields) {
        return new MxQuantizeSpec(
                Side.parse(fields.next("side")),
                List.of(fields.next("formats").split("\\+", -1)).stream()
                        .map(ElementFormat::parse)
                        .toList(),
                ScaleRule.parse(fields.next("rule")),
                GroupLayout.parse(fields.next("groups")),
                fields.optional("transform").map(GroupTransform::parse).orElse(GroupTransform.NONE),
                Prologue.parse(fields.next("prologue")),
                ScalarType.parse(fields.next("in")),
                Tolerance.parse(fields.next("tolerance")),
                fields.optional("rows").map(Rows::parse).orElse(Rows.ALL));
    }
}
