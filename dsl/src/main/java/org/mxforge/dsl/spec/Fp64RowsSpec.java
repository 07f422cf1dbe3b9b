package org.mxforge.dsl.spec;

import java.util.Optional;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.OperandLayout;

/**
 * y[m, k] = x[m, order[k]] in FP64, through a transform of each group of 32 channels, and if there is a rule rounded to the group's format:
 * the values that a GEMM multiplies, for sums over tokens.
 *
 * @param source type of x: BF16 or FP32
 * @param layout how x lies: {@link OperandLayout#PLAIN}, or of BF16 {@link OperandLayout#BF16}
 * @param transform what each group of the reordered channels goes through
 * @param rule how the scales of groups are chosen; empty where nothing is rounded
 */
public record Fp64RowsSpec(ScalarType source, OperandLayout layout, GroupTransform transform, Optional<ScaleRule> rule)
        implements KernelSpec {
    public static final String STEM = "fp64rows";

    private static final String EXACT = "none";

    public Fp64RowsSpec {
        ResidualTypes.check(STEM, source);
        PlainLayouts.check(STEM, layout);
        if (layout == OperandLayout.BF16 && source != ScalarType.BF16) {
            throw new IllegalArgumentException(STEM + " reads bf16 from bf16 tiles, not " + source.text());
        }
    }

    @Override
    public String stem() {
        return STEM;
    }

    @Override
    public String text() {
        return SpecText.write(
                STEM,
                "in",
                source.text(),
                "layout",
                PlainLayouts.text(layout),
                "transform",
                transform.text(),
                "rule",
                rule.map(ScaleRule::text).orElse(EXACT));
    }

    /** Reads the fields of {@link #text()}. */
    public static Fp64RowsSpec read(SpecText fields) {
        ScalarType source = ScalarType.parse(fields.next("in"));
        OperandLayout layout = PlainLayouts.parse(fields.next("layout"));
        GroupTransform transform = GroupTransform.parse(fields.next("transform"));
        String rule = fields.next("rule");
        return new Fp64RowsSpec(
                source, layout, transform, rule.equals(EXACT) ? Optional.empty() : Optional.of(ScaleRule.parse(rule)));
    }
}
