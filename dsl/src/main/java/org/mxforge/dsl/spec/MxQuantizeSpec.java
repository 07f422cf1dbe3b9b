package org.mxforge.dsl.spec;

import java.util.List;
import java.util.stream.Collectors;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.CodePacking;
import org.mxforge.dsl.layout.ContainerTile;
import org.mxforge.dsl.layout.FoldedFormat;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.space.Parameter;
import org.mxforge.dsl.target.KernelFamily;
import org.mxforge.dsl.target.Target;

/**
 * Reorder-quantize (MicroMix section 4): applies the prologue to each row of [rows][K], gathers channels by the reorder
 * index (new channel i is old channel index[i]), and for every partition chooses the scale of each group of 32, rounds and
 * packs. The result is what {@link MxGemmSpec} reads.
 *
 * <p>With folded scales, which activations alone can have, codes become FP8 containers instead ({@link FoldedFormat},
 * {@link org.mxforge.dsl.layout.ContainerTile}; both folded layouts mean the same). Let S be the scale byte of a group. The row's
 * R is the largest S - {@link FoldedFormat#highest()} over its groups with a code other than zero, 127 if there are none. Its
 * factor is 2^(R - 127), and a code is stored as the container nearest to its value times 2^(S - R), ties to even. A relaxed
 * layout allows that to round. An exact one raises the scale of a group that lies too low to R +
 * {@link FoldedFormat#lowest()}, and its codes are rounded at that scale: a coarser encoding, but a valid one, and nothing is
 * rounded twice. A row with a NaN or an infinity has the factor NaN and R 255. Partitions are padded to whole tiles with zeros;
 * rows are not, and their tiles hold what they held.
 *
 * @param side operand it makes; the weight side takes no prologue
 * @param formats element format of each partition, 1 to 8
 * @param rule how a scale is chosen
 * @param groups placement of the scales
 * @param prologue what happens to a row first
 * @param source type of the input: BF16 or FP32
 */
public record MxQuantizeSpec(
        Side side,
        List<ElementFormat> formats,
        ScaleRule rule,
        GroupLayout groups,
        Prologue prologue,
        ScalarType source)
        implements KernelSpec {
    static final String STEM = "mxquantize";

    public MxQuantizeSpec {
        formats = List.copyOf(formats);
        if (side == null || rule == null || groups == null || prologue == null || source == null) {
            throw new IllegalArgumentException(
                    "a quantizer needs a side, scale rule, group layout, prologue and source");
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
        if (groups.scales().isFolded()) {
            checkFolds(side, formats, groups);
        }
    }

    private static void checkFolds(Side side, List<ElementFormat> formats, GroupLayout groups) {
        if (side == Side.WEIGHT) {
            throw new IllegalArgumentException("groups " + groups.text()
                    + " of a quantizer are for activations: weights are folded on the host, from packed codes");
        }
        for (ElementFormat format : formats) {
            if (!groups.relaxed() && !FoldedFormat.of(format).hasRoom()) {
                throw new IllegalArgumentException("groups " + groups.text() + " cannot hold " + format.text()
                        + ": it fills its container, so that groups of different scales cannot share a row's factor"
                        + " without rounding; use groups="
                        + groups.asRelaxed().text() + " to allow it");
            }
        }
    }

    /** Size in bytes of what is written of partition {@code i}, scales aside: packed codes or, folded, whole container tiles. */
    public long codeBytes(int i, int rows, int channels) {
        return groups.scales().isFolded()
                ? ContainerTile.bytes(rows, channels)
                : rows * CodePacking.bytes(formats.get(i), channels);
    }

    /** Size in bytes of the scales of {@code channels} channels or, folded, of the factors of the rows; padding included. */
    public long scaleBytes(int rows, int channels) {
        return groups.scales().bytes(rows, channels / groups.size());
    }

    @Override
    public String stem() {
        return STEM;
    }

    @Override
    public String text() {
        return SpecText.write(
                STEM,
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
                source.text());
    }

    static MxQuantizeSpec read(SpecText fields) {
        return fields.end(new MxQuantizeSpec(
                Side.parse(fields.next("side")),
                List.of(fields.next("formats").split("\\+", -1)).stream()
                        .map(ElementFormat::parse)
                        .toList(),
                ScaleRule.parse(fields.next("rule")),
                GroupLayout.parse(fields.next("groups")),
                Prologue.parse(fields.next("prologue")),
                ScalarType.parse(fields.next("in"))));
    }

    @Override
    public KernelFamily family(Target target) {
        return groups.scales().isFolded() ? KernelFamily.HOPPER : KernelSpec.super.family(target);
    }

    @Override
    public ConfigSpace space(Target target) {
        if (groups.scales().isFolded()) {
            return HopperSpaces.quantize(this, target);
        }
        return target.isGpu()
                ? new ConfigSpace(List.of(Parameter.of("threads", 256, 128, 512)), List.of())
                : OpSpaces.cpu();
    }
}
