package org.mxforge.codegen.kernel.row;

import java.util.List;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.RowScatterAddArguments;
import org.mxforge.dsl.spec.RowScatterAddSpec;

/** Rows added where they belong. */
public final class RowScatterAddKind extends RowKind<RowScatterAddSpec> {
    public RowScatterAddKind() {
        super(RowScatterAddSpec.STEM, RowScatterAddSpec.class, RowScatterAddArguments.class, RowScatterAddSpec::read);
    }

    @Override
    OutputModel model(RowScatterAddSpec spec, String name, int threads) {
        return new RowScatterAdd(name, threads, CudaScalar.of(spec.output()));
    }

    @Override
    void arguments(RowScatterAddSpec spec, SignatureBuilder signature) {
        signature
                .size("rows", "rows")
                .size("columns", 8, "columns")
                .address("index", "const int*", "row numbers", "INT32 [rows]")
                .address("weights", "const float*", "factors", "FP32 [rows]")
                .address("x", "const unsigned short*", "the input", "BF16 [rows][columns]")
                .address(
                        "y",
                        CudaScalar.of(spec.output()) + "*",
                        "what is added to",
                        spec.output().text() + " [...][columns]");
    }

    @Override
    List<RowScatterAddSpec> shipped() {
        return List.of(new RowScatterAddSpec(ScalarType.FP32));
    }

    record RowScatterAdd(String name, int threads, String stream) implements OutputModel {}
}
