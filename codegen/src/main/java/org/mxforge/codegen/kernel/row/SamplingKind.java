package org.mxforge.codegen.kernel.row;

import java.util.List;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.launch.SamplingArguments;
import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.space.Parameter;
import org.mxforge.dsl.spec.Algorithm;
import org.mxforge.dsl.spec.SamplingSpec;

/** Tokens drawn from probabilities. */
public final class SamplingKind extends RowKind<SamplingSpec> {
    private final Algorithm<SamplingSpec> spread = new SpreadRows<>(this, SamplingSpread::new);

    public SamplingKind() {
        super(SamplingSpec.STEM, SamplingSpec.class, SamplingArguments.class, SamplingSpec::read);
    }

    @Override
    OutputModel model(SamplingSpec spec, String name, int threads) {
        return new Sampling(name, threads);
    }

    @Override
    void arguments(SamplingSpec spec, SignatureBuilder signature) {
        signature
                .size("rows", "rows")
                .size("columns", "columns")
                .address(
                        "topP",
                        "const float*",
                        "shares of probability kept; 0 takes the most likely token",
                        "FP32 [rows]")
                .named("top_ps")
                .address("uniform", "const float*", "numbers in [0, 1)", "FP32 [rows]")
                .address("p", "const float*", "the probabilities", "FP32 [rows][columns]")
                .address("token", "int*", "the tokens", "INT32 [rows]");
    }

    @Override
    List<Algorithm<SamplingSpec>> preferred() {
        return List.of(spread);
    }

    /** Rows are as long as a vocabulary. */
    @Override
    ConfigSpace space() {
        return ConfigSpace.of(Parameter.of("threads", 1024, 512, 256, 128));
    }

    @Override
    List<SamplingSpec> shipped() {
        return List.of(new SamplingSpec());
    }

    record Sampling(String name, int threads) implements OutputModel {}

    record SamplingSpread(String name, int threads, int parts) implements OutputModel {}
}
