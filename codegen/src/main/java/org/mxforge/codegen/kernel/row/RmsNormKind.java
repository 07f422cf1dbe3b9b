package org.mxforge.codegen.kernel.row;

import java.util.List;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.RmsNormArguments;
import org.mxforge.dsl.spec.RmsNormSpec;

/** RMSNorm of the residual stream, or of single heads. */
public final class RmsNormKind extends RowKind<RmsNormSpec> {
    public RmsNormKind() {
        super(RmsNormSpec.STEM, RmsNormSpec.class, RmsNormArguments.class, RmsNormSpec::read);
    }

    @Override
    OutputModel model(RmsNormSpec spec, String name, int threads) {
        return new RmsNorm(name, threads, CudaScalar.of(spec.source()), CudaScalar.of(spec.output()));
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
                .address("weight", "const unsigned short*", "the norm's weight", "BF16 [columns]")
                .real("epsilon", 0, Float.MAX_VALUE, "added to the mean square")
                .address(
                        "y",
                        CudaScalar.of(spec.output()) + "*",
                        "the result",
                        spec.output().text() + " [rows][columns]");
    }

    @Override
    List<RmsNormSpec> shipped() {
        return List.of(new RmsNormSpec(ScalarType.FP32, ScalarType.BF16));
    }

    record RmsNorm(String name, int threads, String stream, String output) implements OutputModel {}
}
