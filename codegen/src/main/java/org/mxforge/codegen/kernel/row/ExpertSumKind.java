package org.mxforge.codegen.kernel.row;

import java.util.List;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.ExpertSumArguments;
import org.mxforge.dsl.spec.ExpertSumSpec;

/** The experts' outputs returned to their tokens. */
public final class ExpertSumKind extends RowKind<ExpertSumSpec> {
    public ExpertSumKind() {
        super(ExpertSumSpec.STEM, ExpertSumSpec.class, ExpertSumArguments.class, ExpertSumSpec::read);
    }

    @Override
    OutputModel model(ExpertSumSpec spec, String name, int threads) {
        return new ExpertSum(name, threads, CudaScalar.of(spec.output()));
    }

    @Override
    void arguments(ExpertSumSpec spec, SignatureBuilder signature) {
        signature
                .size("rows", "rows")
                .size("columns", 8, "columns")
                .size("perToken", "experts of a token")
                .address("permutation", "const int*", "rows of x", "INT32 [rows][perToken]")
                .address("shares", "const float*", "factors", "FP32 [rows][perToken]")
                .address("x", "const unsigned short*", "the experts' outputs", "BF16 [...][columns]")
                .address(
                        "y",
                        CudaScalar.of(spec.output()) + "*",
                        "what is added to",
                        spec.output().text() + " [rows][columns]");
    }

    @Override
    List<ExpertSumSpec> shipped() {
        return List.of(new ExpertSumSpec(ScalarType.FP32));
    }

    record ExpertSum(String name, int threads, String stream) implements OutputModel {}
}
