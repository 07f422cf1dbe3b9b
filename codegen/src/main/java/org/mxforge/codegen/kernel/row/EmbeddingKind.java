package org.mxforge.codegen.kernel.row;

import java.util.List;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.EmbeddingArguments;
import org.mxforge.dsl.spec.EmbeddingSpec;

/** Rows of a table. */
public final class EmbeddingKind extends RowKind<EmbeddingSpec> {
    public EmbeddingKind() {
        super(EmbeddingSpec.STEM, EmbeddingSpec.class, EmbeddingArguments.class, EmbeddingSpec::read);
    }

    @Override
    OutputModel model(EmbeddingSpec spec, String name, int threads) {
        return new Embedding(name, threads, CudaScalar.of(spec.output()));
    }

    @Override
    void arguments(EmbeddingSpec spec, SignatureBuilder signature) {
        signature
                .size("rows", "rows")
                .size("columns", 8, "columns")
                .address("ids", "const int*", "token ids", "INT32 [rows]")
                .address("table", "const unsigned short*", "the table", "BF16 [vocabulary][columns]")
                .address(
                        "y",
                        CudaScalar.of(spec.output()) + "*",
                        "the result",
                        spec.output().text() + " [rows][columns]");
    }

    @Override
    List<EmbeddingSpec> shipped() {
        return List.of(new EmbeddingSpec(ScalarType.FP32));
    }

    record Embedding(String name, int threads, String stream) implements OutputModel {}
}
