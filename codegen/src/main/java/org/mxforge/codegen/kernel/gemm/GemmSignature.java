package org.mxforge.codegen.kernel.gemm;

import static org.mxforge.dsl.space.Expression.variable;

import java.util.List;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.space.Expression;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.MxGemmSpec;

/** What the launches of GEMMs have in common. */
final class GemmSignature {
    static final Expression ROWS = variable("m");
    static final Expression COLUMNS = variable("n");

    private GemmSignature() {}

    /** Both operands of each partition. */
    static void partitions(SignatureBuilder signature, MxGemmSpec spec, OperandLayout a, OperandLayout b) {
        List<FormatPair> pairs = spec.pairs();
        signature.entries("partitions", pairs.size());
        for (int i = 0; i < pairs.size(); i++) {
            String part = "partitions[" + i + "].";
            String where = " of partition " + i;
            Expression channels = variable(part + "channels");
            Expression used = channels.atLeast(1);
            signature.multiple(
                    part + "channels", "channels" + where, spec.groups().channelMultiple());
            codes(signature, part + "activationCodes", where, used, a).named("a_" + i);
            scales(signature, part + "activationScales", where, used, a).named("sa_" + i);
            codes(signature, part + "weightCodes", where, used, b)
                    .named("b_" + i)
                    .settled();
            scales(signature, part + "weightScales", where, used, b)
                    .named("sb_" + i)
                    .settled();
            signature.int32(part + "channels", "channels" + where).named("k_" + i);
        }
    }

    private static SignatureBuilder codes(
            SignatureBuilder signature, String source, String where, Expression used, OperandLayout layout) {
        return signature.address(
                source, "const unsigned char*", last(source) + where, used, "elements" + where, text(layout));
    }

    private static SignatureBuilder scales(
            SignatureBuilder signature, String source, String where, Expression used, OperandLayout layout) {
        String type = layout.isFolded() ? "const float*" : "const unsigned char*";
        String what = layout.isFolded() ? "factors of the rows" : "scales";
        return signature.address(
                source,
                type,
                last(source) + where,
                used,
                what + where,
                layout.isFolded() ? "FP32 [rows padded to 128]" : text(layout));
    }

    private static String last(String source) {
        return source.substring(source.lastIndexOf('.') + 1);
    }

    private static String text(OperandLayout layout) {
        return layout.name().toLowerCase(java.util.Locale.ROOT);
    }

    /** The epilogue's operand, if it has one, and D. */
    static SignatureBuilder outputs(SignatureBuilder signature, Epilogue epilogue, ScalarType output) {
        String matrix = output.text() + (epilogue == Epilogue.SWIGLU ? " [m][n / 2]" : " [m][n]");
        String type = "const " + GemmOutput.cType(output) + "*";
        switch (epilogue) {
            case NONE -> {}
            case SWIGLU -> signature.multiple("n", "n", epilogue.rowMultiple());
            case BIAS ->
                signature
                        .address("epilogueOperand", "const unsigned short*", "bias", "BF16 [n]")
                        .named("bias");
            case RESIDUAL ->
                signature.address("epilogueOperand", type, "residual", matrix).named("residual");
            case SILU_MUL ->
                signature
                        .address("epilogueOperand", type, "factor of the gate", matrix)
                        .named("up");
        }
        return signature.address("d", "void*", "D", matrix);
    }

    /** One block for each tile of D. */
    static SignatureBuilder tiles(SignatureBuilder signature, Expression bm, Expression bn) {
        return signature.grid(COLUMNS.pieces(bn), ROWS.pieces(bm));
    }
}
