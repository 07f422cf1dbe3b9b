package org.mxforge.dsl.spec;

import static org.mxforge.dsl.space.Expression.constant;
import static org.mxforge.dsl.space.Expression.variable;

import java.util.ArrayList;
import java.util.List;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.space.Expression;
import org.mxforge.dsl.space.Parameter;
import org.mxforge.dsl.space.Restriction;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.SharedTile;

/** The config spaces of the GEMM specs, one for each kernel family. */
final class GemmSpaces {
    /** FP32 accumulators a thread can hold beside its operands without spilling. */
    private static final int MAX_ACCUMULATORS = 64;

    /** About what the first-level data cache of a core holds. */
    private static final int CPU_PANEL_BYTES = 32 * 1024;

    private GemmSpaces() {}

    /**
     * Portable CUDA on packed operands: block tile {@code bm x bn}, {@code bk} elements a stage, {@code wm x wn} warps,
     * {@code stages} deep.
     *
     * @param activationBits widest activation element, 4 to 8
     * @param weightBits widest weight element, 4 to 8
     */
    static ConfigSpace packed(GroupLayout groups, Target target, int activationBits, int weightBits) {
        return portable(
                target,
                // The scales of a row of a stage are at most four, one word.
                groups.size() < GroupLayout.GROUP ? Parameter.of("bk", 64) : Parameter.of("bk", 64, 128),
                SharedTile.packedStage(activationBits, weightBits),
                // Below, a stage is too short to hide its barrier; above, three of them leave room for one block only.
                stageElements().atLeast(10_000),
                stageElements().atMost(24_000));
    }

    /** Portable CUDA on plain BF16 operands; the parameters as for {@link #packed}. */
    static ConfigSpace plain(Target target) {
        return portable(
                target,
                Parameter.of("bk", 32, 64),
                SharedTile.plainStage(),
                stageElements().atLeast(5_000),
                stageElements().atMost(12_000));
    }

    private static Expression stageElements() {
        return variable("bm").plus(variable("bn")).times(variable("bk"));
    }

    private static ConfigSpace portable(
            Target target, Parameter depth, Expression stageBytes, Expression longEnough, Expression shortEnough) {
        Expression bm = variable("bm");
        Expression bn = variable("bn");
        Expression wm = variable("wm");
        Expression wn = variable("wn");
        Expression stages = variable("stages");
        Expression warps = wm.times(wn);
        Expression warpRows = bm.over(wm);
        Expression warpColumns = bn.over(wn);
        List<Restriction> restrictions = new ArrayList<>();
        restrictions.add(new Restriction(
                "the stages fit into shared memory", stageBytes.times(stages).atMost(target.sharedMemoryPerBlock())));
        restrictions.add(new Restriction("a stage is worth its barrier", longEnough));
        restrictions.add(new Restriction("a stage is short enough to have several", shortEnough));
        restrictions.add(new Restriction(
                "each warp has whole 16-row fragments", bm.modulo(wm.times(16)).equalTo(0)));
        restrictions.add(new Restriction(
                "each warp has whole pairs of 8-column fragments",
                bn.modulo(wn.times(16)).equalTo(0)));
        restrictions.add(new Restriction("a block has 2 to 8 warps", warps.atMost(8)));
        restrictions.add(new Restriction(
                "the accumulators of a thread fit its registers",
                warpRows.times(warpColumns).over(constant(32)).atMost(MAX_ACCUMULATORS)));
        restrictions.add(new Restriction(
                "a warp multiplies what it decodes 16 times, or 10 times where the tile has 16 rows",
                warpRows.times(warpColumns)
                        .over(warpRows.plus(warpColumns))
                        .plus(bm.equalTo(16).times(6))
                        .atLeast(16)));
        restrictions.add(new Restriction(
                "a short tile, bound by memory, runs one stage further ahead",
                stages.plus(bm.atLeast(64)).equalTo(4)));
        return new ConfigSpace(
                List.of(
                        Parameter.of("bm", 128, 64, 32, 16),
                        Parameter.of("bn", 128, 64),
                        depth,
                        Parameter.of("wm", 2, 1, 4),
                        Parameter.of("wn", 4, 2),
                        Parameter.of("stages", 3, 4)),
                restrictions);
    }

    /** CPU: at most {@code bm} rows and {@code bn} columns a tile, {@code bk} channels decoded at a time. */
    static ConfigSpace cpu() {
        return cpu(Parameter.of("bk", 64, 32, 128));
    }

    /** The same on packed operands, of which whole groups are decoded at a time. */
    static ConfigSpace cpu(GroupLayout groups) {
        return groups.size() > GroupLayout.GROUP ? cpu(Parameter.of("bk", 64, 128)) : cpu();
    }

    private static ConfigSpace cpu(Parameter depth) {
        Expression bn = variable("bn");
        Expression bk = variable("bk");
        return new ConfigSpace(
                List.of(Parameter.of("bm", 256, 64), Parameter.of("bn", 128, 64, 256), depth),
                List.of(new Restriction(
                        "a panel of decoded weights stays in the first-level cache",
                        bn.times(bk).times(Float.BYTES).atMost(CPU_PANEL_BYTES))));
    }
}
