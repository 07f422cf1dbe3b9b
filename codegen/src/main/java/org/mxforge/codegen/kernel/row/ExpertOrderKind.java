package org.mxforge.codegen.kernel.row;

import static org.mxforge.dsl.space.Expression.constant;
import static org.mxforge.dsl.space.Expression.variable;

import java.util.List;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.launch.ExpertOrderArguments;
import org.mxforge.dsl.layout.ExpertTiles;
import org.mxforge.dsl.space.Expression;
import org.mxforge.dsl.spec.ExpertOrderSpec;

/** The padded order of tokens that were sent to experts. */
public final class ExpertOrderKind extends RowKind<ExpertOrderSpec> {
    public ExpertOrderKind() {
        super(ExpertOrderSpec.STEM, ExpertOrderSpec.class, ExpertOrderArguments.class, ExpertOrderSpec::read);
    }

    @Override
    OutputModel model(ExpertOrderSpec spec, String name, int threads) {
        return new ExpertOrder(name, threads, ExpertTiles.MANY.rows(), ExpertOrderSpec.MOST_EXPERTS);
    }

    @Override
    void arguments(ExpertOrderSpec spec, SignatureBuilder signature) {
        signature
                .size("rows", "tokens")
                .size("experts", "experts there are")
                .size("perToken", "experts of a token")
                .size("tiles", "tiles there is room for")
                .atMost("experts", constant(ExpertOrderSpec.MOST_EXPERTS))
                .atMost("perToken", variable("experts"));
        roomForTiles(signature, ExpertTiles.MANY);
        signature.address("chosen", "const int*", "the choice", "INT32 [rows][perToken]");
        order(signature, ExpertTiles.MANY);
    }

    /** Refuses fewer tiles than there may be. */
    static void roomForTiles(SignatureBuilder signature, ExpertTiles tile) {
        signature.condition(
                variable("tiles").atLeast(most(tile)),
                "tiles is {}: {} tokens with {} of {} experts each may need {}",
                variable("tiles"),
                variable("rows"),
                variable("perToken"),
                variable("experts"),
                most(tile));
    }

    /** Where the order goes. */
    static void order(SignatureBuilder signature, ExpertTiles tile) {
        signature
                .address("routes", "int2*", "experts of the tiles", "INT32 [tiles][2]")
                .address("tokens", "int*", "the token of each row", "INT32 [" + tile.rows() + " tiles]")
                .address("permutation", "int*", "rows of each token", "INT32 [rows][perToken]");
    }

    @Override
    List<ExpertOrderSpec> shipped() {
        return List.of(new ExpertOrderSpec());
    }

    /** As {@link ExpertTiles#most} has it. */
    private static Expression most(ExpertTiles tile) {
        Expression assigned = variable("rows").times(variable("perToken"));
        return assigned.plus(assigned.min(variable("experts")).times(tile.rows() - 1))
                .over(tile.rows());
    }

    @Override
    void grid(SignatureBuilder signature, int threads) {
        signature.grid(variable("experts"));
    }

    @Override
    String work(int threads) {
        return "one block for each expert";
    }

    /** Tiles of {@code rows} rows; at most {@code most} experts. */
    record ExpertOrder(String name, int threads, int rows, int most) implements OutputModel {}
}
