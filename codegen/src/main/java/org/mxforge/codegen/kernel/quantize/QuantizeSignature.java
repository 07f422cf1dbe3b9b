package org.mxforge.codegen.kernel.quantize;

import static org.mxforge.dsl.space.Expression.constant;
import static org.mxforge.dsl.space.Expression.variable;

import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.MxQuantizeArguments;
import org.mxforge.dsl.space.Expression;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.spec.Prologue;

/** What the launches of quantizers have in common. */
final class QuantizeSignature {
    static final Expression ROWS = variable("rows");
    static final Expression COLUMNS = variable("columns");

    private QuantizeSignature() {}

    /**
     * All arguments, checked.
     *
     * @param scaleType C type of the scales' addresses
     * @param scales what the kernel calls them
     * @param layout how codes and scales are written
     */
    static SignatureBuilder of(MxQuantizeSpec spec, String scaleType, String scales, String layout) {
        String source = "const " + (spec.source() == ScalarType.FP32 ? "float" : "unsigned short") + "*";
        int multiple = spec.groups().channelMultiple();
        boolean gated = spec.prologue() == Prologue.SILU_MUL;
        String matrix = spec.source().text() + (gated ? " [rows][2 columns]" : " [rows][columns]");
        SignatureBuilder signature = SignatureBuilder.of(MxQuantizeArguments.class)
                .size("rows", "tokens or output channels")
                .size("columns", multiple, "channels")
                .address("x", source, gated ? "gates and their factors" : "the input", matrix);
        prologue(signature, spec);
        signature
                .address("order", "const int*", "the reorder index", "INT32 [columns]")
                .settled();
        if (spec.rows().indexed()) {
            signature.address("rowIndex", "const int*", "the rows' numbers", "INT32 [rows]");
        }
        int count = spec.formats().size();
        signature.entries("partitions", count);
        Expression sum = constant(0);
        for (int i = 0; i < count; i++) {
            String part = "partitions[" + i + "].";
            String where = " of partition " + i;
            Expression channels = variable(part + "channels");
            Expression used = channels.atLeast(1);
            signature
                    .multiple(part + "channels", "channels" + where, multiple)
                    .address(part + "codes", "unsigned char*", "codes" + where, used, "elements" + where, layout)
                    .named("codes_" + i)
                    .address(part + "scales", scaleType, "scales" + where, used, scales + where, layout)
                    .named(scales + "_" + i)
                    .int32(part + "channels", "channels" + where)
                    .named("k_" + i);
            sum = i == 0 ? channels : sum.plus(channels);
        }
        return signature.condition(
                sum.equalTo(COLUMNS), "the partitions hold {} channels, but a row has {}", sum, COLUMNS);
    }

    private static void prologue(SignatureBuilder signature, MxQuantizeSpec spec) {
        switch (spec.prologue()) {
            case NONE -> signature.form("prologue", "None");
            case RMSNORM ->
                signature
                        .form("prologue", "RmsNorm")
                        .address(
                                "prologue:RmsNorm.weight",
                                "const unsigned short*",
                                "the norm's weight",
                                constant(1),
                                "the norm's weight",
                                "BF16 [columns]")
                        .settled()
                        .real("prologue:RmsNorm.epsilon", 0, Float.MAX_VALUE, "added to the mean square");
            case RMSNORM_CENTRED ->
                signature
                        .form("prologue", "RmsNormCentred")
                        .address(
                                "prologue:RmsNormCentred.weight",
                                "const unsigned short*",
                                "the norm's weight",
                                constant(1),
                                "the norm's weight",
                                "BF16 [columns]")
                        .address(
                                "prologue:RmsNormCentred.centre",
                                "const unsigned short*",
                                "what is taken off",
                                constant(1),
                                "what is taken off",
                                "BF16 [columns]")
                        .real("prologue:RmsNormCentred.epsilon", 0, Float.MAX_VALUE, "added to the mean square");
            case SILU_MUL -> signature.form("prologue", "SiluMul");
        }
    }

    /** Refuses partitions that do not share the factors of their rows. */
    static void sharedFactors(SignatureBuilder signature, int count) {
        for (int i = 0; i < count; i++) {
            for (int j = i + 1; j < count; j++) {
                Expression one = variable("partitions[" + i + "].scales");
                Expression other = variable("partitions[" + j + "].scales");
                Expression unused = variable("partitions[" + i + "].channels")
                        .equalTo(0)
                        .or(variable("partitions[" + j + "].channels").equalTo(0));
                signature.condition(
                        unused.or(one.equalTo(other)),
                        "partitions have their factors at {} and at {}:"
                                + " with folded scales all share the factors of the rows",
                        one,
                        other);
            }
        }
    }
}
