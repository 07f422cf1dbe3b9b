package org.mxforge.codegen.kernel.row;

import java.util.List;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.RowGatherArguments;
import org.mxforge.dsl.spec.RowGatherSpec;

/** Rows brought together. */
public final class RowGatherKind extends RowKind<RowGatherSpec> {
    public RowGatherKind() {
        super(RowGatherSpec.STEM, RowGatherSpec.class, RowGatherArguments.class, RowGatherSpec::read);
    }

    @Override
    OutputModel model(RowGatherSpec spec, String name, int threads) {
        return new RowGather(name, threads, CudaScalar.of(spec.type()));
    }

    @Override
    void arguments(RowGatherSpec spec, SignatureBuilder signature) {
        signature
                .size("rows", "rows")
                .size("columns", 8, "columns")
                .address("index", "const int*", "row numbers, negative for zeros", "INT32 [rows]")
                .address(
                        "x",
                        "const " + CudaScalar.of(spec.type()) + "*",
                        "the input",
                        spec.type().text() + " [...][columns]")
                .address(
                        "y",
                        CudaScalar.of(spec.type()) + "*",
                        "the result",
                        spec.type().text() + " [rows][columns]");
    }

    @Override
    List<RowGatherSpec> shipped() {
        return List.of(new RowGatherSpec(ScalarType.FP32));
    }

    record RowGather(String name, int threads, String stream) implements OutputModel {}
}
