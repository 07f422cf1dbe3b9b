package org.mxforge.codegen.kernel.row;

import static org.mxforge.dsl.space.Expression.constant;
import static org.mxforge.dsl.space.Expression.variable;

import java.util.List;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.launch.TokenRouteArguments;
import org.mxforge.dsl.layout.ExpertTiles;
import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.spec.ExpertChoiceSpec;
import org.mxforge.dsl.spec.ExpertOrderSpec;
import org.mxforge.dsl.spec.TokenRouteSpec;

/** The experts of one token, from the residual stream. */
public final class TokenRouteKind extends RowKind<TokenRouteSpec> {
    public TokenRouteKind() {
        super(TokenRouteSpec.STEM, TokenRouteSpec.class, TokenRouteArguments.class, TokenRouteSpec::read);
    }

    @Override
    OutputModel model(TokenRouteSpec spec, String name, int threads) {
        return new TokenRoute(name, threads, ExpertTiles.FEW.rows(), ExpertOrderSpec.MOST_EXPERTS);
    }

    @Override
    void arguments(TokenRouteSpec spec, SignatureBuilder signature) {
        signature
                .size("columns", 8, "columns")
                .size("experts", "rows of the router")
                .size("perToken", "experts of the token")
                .atMost("experts", constant(ExpertOrderSpec.MOST_EXPERTS))
                .atMost("perToken", variable("experts").min(constant(ExpertChoiceSpec.MOST_PER_TOKEN)))
                .address("x", "const float*", "the residual stream", "FP32 [columns]")
                .address("weight", "const unsigned short*", "the norm's weight", "BF16 [columns]")
                .real("epsilon", 0, Float.MAX_VALUE, "added to the mean square")
                .address("router", "const unsigned short*", "the router", "BF16 [experts][columns]")
                .address("shares", "float*", "the experts' shares", "FP32 [perToken]");
        ExpertOrderKind.order(signature, ExpertTiles.FEW);
    }

    @Override
    ConfigSpace space() {
        return RouterKind.THREADS;
    }

    @Override
    List<TokenRouteSpec> shipped() {
        return List.of(new TokenRouteSpec());
    }

    @Override
    void grid(SignatureBuilder signature, int threads) {
        signature.grid(constant(1));
    }

    @Override
    String work(int threads) {
        return "one block";
    }

    /** Tiles of {@code rows} rows; at most {@code most} experts. */
    record TokenRoute(String name, int threads, int rows, int most) implements OutputModel {}
}
