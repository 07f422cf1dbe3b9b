package org.mxforge.codegen.kernel.row;

import static org.mxforge.dsl.space.Expression.constant;
import static org.mxforge.dsl.space.Expression.variable;

import java.util.List;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.launch.ExpertRouteArguments;
import org.mxforge.dsl.layout.ExpertTiles;
import org.mxforge.dsl.spec.ExpertChoiceSpec;
import org.mxforge.dsl.spec.ExpertRouteSpec;

/** The experts of few tokens and their padded order. */
public final class ExpertRouteKind extends RowKind<ExpertRouteSpec> {
    public ExpertRouteKind() {
        super(ExpertRouteSpec.STEM, ExpertRouteSpec.class, ExpertRouteArguments.class, ExpertRouteSpec::read);
    }

    @Override
    OutputModel model(ExpertRouteSpec spec, String name, int threads) {
        return new ExpertRoute(name, threads, ExpertTiles.FEW.rows(), ExpertChoiceSpec.MOST_PER_TOKEN);
    }

    @Override
    void arguments(ExpertRouteSpec spec, SignatureBuilder signature) {
        signature
                .size("rows", "tokens")
                .size("experts", "columns of the scores")
                .size("perToken", "experts of a token")
                .size("tiles", "tiles there is room for")
                .atMost("rows", constant(ExpertTiles.FEW.rows()))
                .atMost("perToken", variable("experts").min(constant(ExpertChoiceSpec.MOST_PER_TOKEN)));
        ExpertOrderKind.roomForTiles(signature, ExpertTiles.FEW);
        signature
                .address("scores", "const float*", "the router's output", "FP32 [rows][experts]")
                .address("shares", "float*", "their shares", "FP32 [rows][perToken]");
        ExpertOrderKind.order(signature, ExpertTiles.FEW);
    }

    @Override
    List<ExpertRouteSpec> shipped() {
        return List.of(new ExpertRouteSpec());
    }

    @Override
    void grid(SignatureBuilder signature, int threads) {
        signature.grid(constant(1));
    }

    @Override
    String work(int threads) {
        return "one block";
    }

    /** Tiles of {@code rows} rows; at most {@code most} experts of a token. */
    record ExpertRoute(String name, int threads, int rows, int most) implements OutputModel {}
}
