package org.mxforge.codegen.kernel.gemm;

import static org.mxforge.dsl.space.Expression.constant;
import static org.mxforge.dsl.space.Expression.variable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.space.Expression;
import org.mxforge.dsl.space.Restriction;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.SharedTile;

/** The stages in shared memory of GEMMs on {@code mma.sync} with packed operands. */
final class PackedStages {
    private PackedStages() {}

    /** What every configuration must keep. */
    static <S extends KernelSpec> List<Restriction> constraints(Product<S> product, S spec, Target target) {
        MxGemmSpec gemm = product.of(spec);
        List<Restriction> constraints = new ArrayList<>(MmaSpaces.constraints(
                target,
                SharedTile.packedStage(
                        widest(gemm, pair -> pair.activation().bits()),
                        widest(gemm, pair -> pair.weight().bits())),
                depth(gemm.groups())));
        if (product.grouped()) {
            constraints.add(new Restriction(
                    "a tile belongs to one expert: it divides " + product.tileRows(spec) + " rows",
                    constant(product.tileRows(spec)).modulo(variable("bm")).equalTo(0)));
        }
        return constraints;
    }

    private static Restriction depth(GroupLayout groups) {
        Expression bk = variable("bk");
        Expression two = bk.equalTo(64).or(bk.equalTo(128));
        return new Restriction(
                "a stage is 64 or 128 channels deep and has at most four scales of a row, one word",
                groups.size() < GroupLayout.GROUP ? bk.equalTo(64) : two);
    }

    private static int widest(MxGemmSpec spec, ToIntFunction<FormatPair> bits) {
        return spec.pairs().stream().mapToInt(bits).max().orElseThrow();
    }

    /** The stages serve every partition, so they are as large as the largest needs. */
    static long bytes(MxGemmSpec spec, Configuration configuration) {
        return spec.pairs().stream()
                .mapToLong(pair -> SharedTile.packedStage(
                                pair.activation().bits(), pair.weight().bits())
                        .evaluate(configuration))
                .max()
                .orElseThrow();
    }
}
