package org.mxforge.codegen.kernel.gemm;

import static org.mxforge.dsl.space.Expression.variable;

import java.util.ArrayList;
import java.util.List;
import org.mxforge.dsl.layout.ContainerTile;
import org.mxforge.dsl.space.Expression;
import org.mxforge.dsl.space.Restriction;

/**
 * What every tile on wgmma must keep.
 *
 * @param grouped whether tiles are of one expert each
 * @param sums what the tensor cores add up in
 */
record WgmmaConstraints(boolean grouped, Sums sums) {
    /** What the tensor cores add up in. */
    enum Sums {
        /** Of FP8, 14 bits wide. */
        NARROW,
        /** Of BF16, FP32. */
        WIDE,
        /** Of INT8, INT32. */
        INTEGERS
    }

    List<Restriction> all() {
        Expression bm = variable("bm");
        Expression split = variable("split");
        Expression promote = variable("promote");
        List<Restriction> constraints = new ArrayList<>();
        constraints.add(
                grouped
                        ? new Restriction(
                                "a tile has 64, 128 or 256 tokens, of one expert",
                                either(bm, 64, 128).or(bm.equalTo(256)))
                        : sums == Sums.INTEGERS
                                ? new Restriction(
                                        "a tile has 64, 128 or 256 tokens",
                                        either(bm, 64, 128).or(bm.equalTo(256)))
                                : new Restriction("a tile has 128 or 256 tokens", either(bm, 128, 256)));
        constraints.add(new Restriction(
                "a tile has 128 weights, 64 for each warpgroup that multiplies",
                variable("bn").equalTo(128)));
        constraints.add(
                switch (sums) {
                    case NARROW ->
                        new Restriction(
                                "sums are promoted after whole blocks of " + ContainerTile.CHANNELS + " channels",
                                promote.modulo(ContainerTile.CHANNELS)
                                        .equalTo(0)
                                        .and(promote.atLeast(0)));
                    case WIDE -> new Restriction("sums of BF16 products are FP32 and not promoted", promote.equalTo(0));
                    case INTEGERS ->
                        new Restriction("sums of INT8 products are exact and not promoted", promote.equalTo(0));
                });
        constraints.add(shares(split, bm));
        return constraints;
    }

    private Restriction shares(Expression split, Expression bm) {
        if (grouped) {
            return new Restriction("tiles of experts are not shared by blocks", split.equalTo(1));
        }
        return sums == Sums.INTEGERS
                ? new Restriction("exact sums are made by one block", split.equalTo(1))
                : new Restriction(
                        "only tiles of 128 tokens are shared by several blocks, 2 or 4",
                        split.equalTo(1).or(either(split, 2, 4).and(bm.equalTo(128))));
    }

    private static Expression either(Expression value, int one, int other) {
        return value.equalTo(one).or(value.equalTo(other));
    }
}
