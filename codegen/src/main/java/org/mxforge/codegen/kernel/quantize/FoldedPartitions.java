package org.mxforge.codegen.kernel.quantize;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.layout.FoldedFormat;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.target.Target;

/** What quantizers have in common that write {@link OperandLayout#CONTAINERS} or {@link OperandLayout#MIXED}. */
final class FoldedPartitions {
    private FoldedPartitions() {}

    static String name(OperandLayout layout) {
        return layout.name().toLowerCase(java.util.Locale.ROOT);
    }

    /** Why {@code spec} cannot be written so on {@code target}. */
    static Optional<String> refusal(MxQuantizeSpec spec, OperandLayout layout, Target target) {
        if (target != Target.SM_90A) {
            return Optional.of("folded scales are for sm_90a");
        }
        if (spec.side() == Side.WEIGHT) {
            return Optional.of(
                    "only activations are folded by a quantizer: weights are folded on the host, from packed codes");
        }
        if (!spec.groups().isMx()) {
            return Optional.of("scales are folded in groups of 32 with e8m0 scales alone");
        }
        Optional<ElementFormat> full = spec.tolerance().rounds()
                ? Optional.empty()
                : spec.formats().stream()
                        .filter(format -> !FoldedFormat.of(format).hasRoom())
                        .findFirst();
        if (layout == OperandLayout.MIXED) {
            return full.isPresent()
                    ? Optional.empty()
                    : Optional.of("all partitions of '" + spec.text() + "' are folded into FP8: none is left for BF16");
        }
        return full.map(
                format -> format.text() + " fills its container, so that groups of different scales cannot share"
                        + " a row's factor without rounding: use tolerance=within4 to allow it");
    }

    /** The numbers of those in BF16. */
    static List<Integer> wides(List<ElementFormat> formats, OperandLayout layout) {
        return IntStream.range(0, formats.size())
                .filter(i -> layout.widens(formats.get(i)))
                .boxed()
                .toList();
    }
}
