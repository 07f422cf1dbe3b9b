package org.mxforge.dsl.spec;

import java.util.List;
import java.util.stream.Collectors;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.FoldedFormat;
import org.mxforge.dsl.layout.GroupLayout;

/**
 * Reorder-quantize (MicroMix section 4): applies the prologue to each row of [rows][K], gathers channels by the reorder
 * index (new channel i is old channel index[i]), and for every partition chooses the scale of each group of 32, rounds and
 * packs. The result is what {@link MxGemmSpec} reads.
 *
 * <p>An algorithm that writes {@link org.mxforge.dsl.layout.OperandLayout#CONTAINERS} stores FP8 containers instead of codes
 * ({@link FoldedFormat}, {@link org.mxforge.dsl.layout.ContainerTile}). Let S be the scale byte of a group. The row's
 * R is the largest S - {@link FoldedFormat#highest()} over its groups with a code other than zero, 127 if there are none. Its
 * factor is 2^(R - 127), and a code is stored as the container nearest to its value times 2^(S - R), ties to even. A tolerance
 * allows that to round. An exact quantizer raises the scale of a group that lies too low to R +
 * {@link FoldedFormat#lowest()}, and its codes are rounded at that scale: a coarser encoding, but a valid one, and nothing is
 * rounded twice. A row with a NaN or an infinity has the factor NaN and R 255. Partitions are padded to whole tiles with zeros;
 * rows are not, and their tiles hold what they held.
 *
 * @param side operand it makes; the weight side takes no prologue
 * @param formats element format of each partition, 1 to 8
 * @param rule how a scale is chosen
 * @param groups which elements share a scale
 * @param prologue what happens to a row first
 * @param source type of the input: BF16 or FP32
 * @param tolerance whether elements may be rounded again when their scales are folded into them
 */
public record MxQuantizeSpec(
        Side side,
        List<ElementFormat> formats,
        ScaleRule rule,
        GroupLayout groups,
        Prologue prologue,
        ScalarType source,
        Tolerance tolerance)
        implements KernelSpec {
    public static final String STEM = "mxquantize";

    /** Version of the texts: since the second one, where the result lies is no part of them. */
    public static final int VERSION = 2;

    public MxQuantizeSpec {
        formats = List.copyOf(formats);
        if (side == null || rule == null || groups == null || prologue == null || source == null || tolerance == null) {
            throw new IllegalArgumentException(
                    "a quantizer needs a side, scale rule, group layout, prologue, source and tolerance");
        }
        if (formats.isEmpty() || formats.size() > ChannelSplit.MAX_PARTITIONS) {
            throw new IllegalArgumentException(
                    "a quantizer has 1 to " + ChannelSplit.MAX_PARTITIONS + " partitions, not " + formats.size());
        }
        if (side == Side.WEIGHT && prologue != Prologue.NONE) {
            throw new IllegalArgumentException(
                    "prologue " + prologue.text() + " belongs to activations: weights are quantized as they are");
        }
        if (source == ScalarType.FP16) {
            throw new IllegalArgumentException("a quantizer reads bf16 or fp32, not fp16");
        }
    }

    /** A quantizer of activations to OCP MX groups. */
    public static MxQuantizeSpec activation(
            List<ElementFormat> formats, ScaleRule rule, Prologue prologue, ScalarType source, Tolerance tolerance) {
        return new MxQuantizeSpec(Side.ACTIVATION, formats, rule, GroupLayout.MX, prologue, source, tolerance);
    }

    @Override
    public String stem() {
        return STEM;
    }

    @Override
    public String text() {
        return SpecText.write(
                STEM,
                VERSION,
                "side",
                side.text(),
                "formats",
                formats.stream().map(ElementFormat::text).collect(Collectors.joining("+")),
                "rule",
                rule.text(),
                "groups",
                groups.text(),
                "prologue",
                prologue.text(),
                "in",
                source.text(),
                "tolerance",
                tolerance.text());
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
                Prologue.parse(fields.next("prologue")),
                ScalarType.parse(fields.next("in")),
                Tolerance.parse(fields.next("tolerance")));
    }
}
