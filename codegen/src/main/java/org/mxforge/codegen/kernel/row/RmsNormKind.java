package org.mxforge.codegen.kernel.row;

import java.util.List;
import java.util.Locale;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.RmsNormArguments;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.RmsNormSpec;

/** RMSNorm of the residual stream. */
public final class RmsNormKind extends RowKind<RmsNormSpec> {
    public RmsNormKind() {
        super(RmsNormSpec.STEM, RmsNormSpec.class, RmsNormArguments.class, RmsNormSpec::read);
    }

    @Override
    OutputModel model(RmsNormSpec spec, String name, int threads) {
        return new RmsNorm(
                name,
                threads,
                CudaScalar.of(spec.source()),
                spec.layout().name().toLowerCase(Locale.ROOT),
                spec.centred());
    }

    @Override
    void arguments(RmsNormSpec spec, SignatureBuilder signature) {
        signature
                .size("rows", "rows")
                .size("columns", 8, "columns")
                .address(
                        "x",
                        "const " + CudaScalar.of(spec.source()) + "*",
                        "the input",
                        spec.source().text() + " [rows][columns]")
                .address("weight", "const unsigned short*", "the norm's weight", "BF16 [columns]");
        if (spec.centred()) {
            signature.address("centre", "const unsigned short*", "what is taken off", "BF16 [columns]");
        }
        signature
                .real("epsilon", 0, Float.MAX_VALUE, "added to the mean square")
                .address("y", "unsigned short*", "the result", result(spec.layout()));
    }

    @Override
    List<RmsNormSpec> shipped() {
        return List.of(
                new RmsNormSpec(ScalarType.FP32, OperandLayout.PLAIN),
                new RmsNormSpec(ScalarType.FP32, OperandLayout.BF16),
                new RmsNormSpec(ScalarType.FP32, OperandLayout.PLAIN, true));
    }

    /** How a BF16 result of {@code layout} lies, in words. */
    static String result(OperandLayout layout) {
        return layout == OperandLayout.PLAIN ? "BF16 [rows][columns]" : "Bf16Tile";
    }

    /**
     * The kernel.
     *
     * @param stream C type of the input
     * @param layout of the result, names templates
     * @param centred whether a centre is taken off
     */
    record RmsNorm(String name, int threads, String stream, String layout, boolean centred) implements OutputModel {}
}
