package org.mxforge.dsl.spec;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.FoldedFormat;
import org.mxforge.dsl.layout.OperandLayout;

/**
 * Weights in {@link OperandLayout#ROWS}, as checkpoints hold them and quantizers write them, to a layout whose scales are folded: of each
 * row, the power of two that makes the largest group fit is its factor, and every group is stored with the rest of its scale multiplied
 * in. Nothing is rounded: a group that lies too low for that is counted, and what is stored of it means nothing.
 *
 * @param formats element format of each partition; of those whose containers have room for scales, unless others are kept in BF16
 * @param to {@link OperandLayout#FRAGMENTS}, {@link OperandLayout#CONTAINERS} or {@link OperandLayout#MIXED_FRAGMENTS}
 */
public record MxFoldSpec(List<ElementFormat> formats, OperandLayout to) implements KernelSpec {
    public static final String STEM = "mxfold";

    private static final List<OperandLayout> LAYOUTS =
            List.of(OperandLayout.FRAGMENTS, OperandLayout.CONTAINERS, OperandLayout.MIXED_FRAGMENTS);

    public MxFoldSpec {
        formats = List.copyOf(formats);
        if (formats.isEmpty() || formats.size() > ChannelSplit.MAX_PARTITIONS) {
            throw new IllegalArgumentException(
                    "a folding has 1 to " + ChannelSplit.MAX_PARTITIONS + " partitions, not " + formats.size());
        }
        if (!LAYOUTS.contains(to)) {
            throw new IllegalArgumentException(
                    "weights are folded into fragments, mixed ones or not, or containers, not into " + to);
        }
        if (!formats.stream()
                .allMatch(format -> to.widens(format) || FoldedFormat.of(format).hasRoom())) {
            throw new IllegalArgumentException(
                    "only weights in e2m1, e3m2 and e2m3 have room for their scales, not all of " + text(formats));
        }
    }

    @Override
    public String stem() {
        return STEM;
    }

    @Override
    public String text() {
        return SpecText.write(STEM, "formats", text(formats), "to", text(to));
    }

    /** Reads the fields of {@link #text()}. */
    public static MxFoldSpec read(SpecText fields) {
        List<ElementFormat> formats = Arrays.stream(fields.next("formats").split("\\+", -1))
                .map(ElementFormat::parse)
                .toList();
        String to = fields.next("to");
        return new MxFoldSpec(
                formats,
                LAYOUTS.stream()
                        .filter(layout -> text(layout).equals(to))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException(
                                "unknown layout '" + to + "': use fragments, containers or mixed_fragments")));
    }

    private static String text(List<ElementFormat> formats) {
        return formats.stream().map(ElementFormat::text).collect(Collectors.joining("+"));
    }

    private static String text(OperandLayout layout) {
        return layout.name().toLowerCase(Locale.ROOT);
    }
}
