package org.mxforge.codegen.kernel.row;

import static org.mxforge.dsl.space.Expression.constant;
import static org.mxforge.dsl.space.Expression.variable;

import java.util.List;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.launch.ExpertChoiceArguments;
import org.mxforge.dsl.spec.ExpertChoiceSpec;

/** The experts of each token. */
public final class ExpertChoiceKind extends RowKind<ExpertChoiceSpec> {
    public ExpertChoiceKind() {
        super(ExpertChoiceSpec.STEM, ExpertChoiceSpec.class, ExpertChoiceArguments.class, ExpertChoiceSpec::read);
    }

    @Override
    OutputModel model(ExpertChoiceSpec spec, String name, int threads) {
        return new ExpertChoice(name, threads);
    }

    @Override
    void arguments(ExpertChoiceSpec spec, SignatureBuilder signature) {
        signature
                .size("rows", "tokens")
                .size("experts", "columns of the scores")
                .size("perToken", "experts of a token")
                .atMost("perToken", variable("experts").min(constant(ExpertChoiceSpec.MOST_PER_TOKEN)))
                .address("scores", "const float*", "the router's output", "FP32 [rows][experts]")
                .address("chosen", "int*", "the choice", "INT32 [rows][perToken]")
                .address("shares", "float*", "their shares", "FP32 [rows][perToken]");
    }

    @Override
    List<ExpertChoiceSpec> shipped() {
        return List.of(new ExpertChoiceSpec());
    }

    private static final int WARP = 32;

    /** A warp chooses for each row, and holds one expert in each lane. */
    @Override
    void grid(SignatureBuilder signature, int threads) {
        signature.grid(variable("rows").pieces(constant(threads / WARP)));
    }

    @Override
    String work(int threads) {
        return "one block for " + threads / WARP + " rows";
    }

    record ExpertChoice(String name, int threads) implements OutputModel {}
}
