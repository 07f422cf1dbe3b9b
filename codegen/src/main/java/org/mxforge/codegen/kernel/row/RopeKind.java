package org.mxforge.codegen.kernel.row;

import java.util.List;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.launch.RopeArguments;
import org.mxforge.dsl.spec.RopeSpec;

/** Rotary position embedding. */
public final class RopeKind extends RowKind<RopeSpec> {
    public RopeKind() {
        super(RopeSpec.STEM, RopeSpec.class, RopeArguments.class, RopeSpec::read);
    }

    @Override
    OutputModel model(RopeSpec spec, String name, int threads) {
        return new Rope(name, threads);
    }

    @Override
    void arguments(RopeSpec spec, SignatureBuilder signature) {
        signature
                .size("rows", "tokens")
                .size("heads", "heads of a token")
                .size("head", 2, "size of a head")
                .address("positions", "const int*", "positions of the rows", "INT32 [rows]")
                .address("x", "const float*", "queries or keys", "FP32 [rows][heads][head]")
                .address("y", "unsigned short*", "the result", "BF16 [rows][heads][head]")
                .address("cos", "const float*", "cosines", "FP32 [positions][head / 2]")
                .named("cosines")
                .address("sin", "const float*", "sines", "FP32 [positions][head / 2]")
                .named("sines");
    }

    @Override
    List<RopeSpec> shipped() {
        return List.of(new RopeSpec());
    }

    record Rope(String name, int threads) implements OutputModel {}
}
