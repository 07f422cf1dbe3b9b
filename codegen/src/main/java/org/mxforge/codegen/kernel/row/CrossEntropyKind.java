package org.mxforge.codegen.kernel.row;

import java.util.List;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.launch.CrossEntropyArguments;
import org.mxforge.dsl.spec.CrossEntropySpec;

/** The loss of logits, which come in parts of the vocabulary. */
public final class CrossEntropyKind extends RowKind<CrossEntropySpec> {
    public CrossEntropyKind() {
        super(CrossEntropySpec.STEM, CrossEntropySpec.class, CrossEntropyArguments.class, CrossEntropySpec::read);
    }

    @Override
    OutputModel model(CrossEntropySpec spec, String name, int threads) {
        return new CrossEntropy(name, threads);
    }

    @Override
    void arguments(CrossEntropySpec spec, SignatureBuilder signature) {
        signature
                .size("rows", "rows")
                .size("columns", "tokens of this part of the vocabulary")
                .count("first", "its first token")
                .address("logits", "const float*", "the logits", "FP32 [rows][columns]")
                .address("targets", "const int*", "target ids", "INT32 [rows]")
                .address("state", "float*", "what came of the parts so far", "FP32 [rows][3]");
    }

    @Override
    List<CrossEntropySpec> shipped() {
        return List.of(new CrossEntropySpec());
    }

    record CrossEntropy(String name, int threads) implements OutputModel {}
}
