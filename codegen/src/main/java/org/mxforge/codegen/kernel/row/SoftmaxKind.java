package org.mxforge.codegen.kernel.row;

import java.util.List;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.launch.SoftmaxArguments;
import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.space.Parameter;
import org.mxforge.dsl.spec.Algorithm;
import org.mxforge.dsl.spec.SoftmaxSpec;

/** Probabilities of logits. */
public final class SoftmaxKind extends RowKind<SoftmaxSpec> {
    private final Algorithm<SoftmaxSpec> spread = new SpreadRows<>(this, SoftmaxSpread::new);

    public SoftmaxKind() {
        super(SoftmaxSpec.STEM, SoftmaxSpec.class, SoftmaxArguments.class, SoftmaxSpec::read);
    }

    @Override
    OutputModel model(SoftmaxSpec spec, String name, int threads) {
        return new Softmax(name, threads);
    }

    @Override
    void arguments(SoftmaxSpec spec, SignatureBuilder signature) {
        signature
                .size("rows", "rows")
                .size("columns", "columns")
                .address("temperatures", "const float*", "divide the logits", "FP32 [rows]")
                .address("x", "const float*", "the logits", "FP32 [rows][columns]")
                .address("p", "float*", "the probabilities", "FP32 [rows][columns]");
    }

    @Override
    List<Algorithm<SoftmaxSpec>> preferred() {
        return List.of(spread);
    }

    /** Rows are as long as a vocabulary. */
    @Override
    ConfigSpace space() {
        return ConfigSpace.of(Parameter.of("threads", 1024, 512, 256, 128));
    }

    @Override
    List<SoftmaxSpec> shipped() {
        return List.of(new SoftmaxSpec());
    }

    record Softmax(String name, int threads) implements OutputModel {}

    record SoftmaxSpread(String name, int threads, int parts) implements OutputModel {}
}
