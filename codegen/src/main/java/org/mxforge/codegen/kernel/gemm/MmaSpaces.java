package org.mxforge.codegen.kernel.gemm;

import static org.mxforge.dsl.space.Expression.constant;
import static org.mxforge.dsl.space.Expression.variable;

import java.util.ArrayList;
import java.util.List;
import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.space.Expression;
import org.mxforge.dsl.space.Parameter;
import org.mxforge.dsl.space.Restriction;
import org.mxforge.dsl.target.Target;

/** Configurations of GEMMs on {@code mma.sync}. */
final class MmaSpaces {
    /** FP32 accumulators a thread can hold beside its operands and what decodes them without spilling. */
    static final int MAX_ACCUMULATORS = 64;

    private static final Expression BM = variable("bm");
    private static final Expression BN = variable("bn");
    private static final Expression WM = variable("wm");
    private static final Expression WN = variable("wn");
    private static final Expression STAGES = variable("stages");

    private MmaSpaces() {}

    /** What the kernel can do, given the size of a stage and a rule about its depth. */
    static List<Restriction> constraints(Target target, Expression stageBytes, Restriction depth) {
        return List.of(
                new Restriction(
                        "the stages fit into shared memory",
                        stageBytes.times(STAGES).atMost(target.sharedMemoryPerBlock())),
                depth,
                new Restriction(
                        "each warp has whole 16-row fragments",
                        BM.modulo(WM.times(16)).equalTo(0)),
                new Restriction(
                        "each warp has whole pairs of 8-column fragments",
                        BN.modulo(WN.times(16)).equalTo(0)));
    }

    /** That threads have registers for {@code accumulators} of them each, beside their operands. */
    static List<Restriction> registers(int accumulators) {
        Expression warpTile = BM.over(WM).times(BN.over(WN));
        return List.of(
                new Restriction("a block has 2 to 8 warps", WM.times(WN).atMost(8)),
                new Restriction(
                        "the accumulators of a thread fit its registers",
                        warpTile.over(constant(32)).atMost(accumulators)));
    }

    /**
     * What is worth trying.
     *
     * @param depth values of {@code bk}
     * @param least elements of a stage: below, it is too short to hide its barrier
     * @param most elements of a stage: above, three of them leave room for one block only
     * @param accumulators of a thread at most
     */
    static ConfigSpace space(Parameter depth, long least, long most, int accumulators, List<Restriction> constraints) {
        Expression elements = BM.plus(BN).times(variable("bk"));
        Expression warpRows = BM.over(WM);
        Expression warpColumns = BN.over(WN);
        List<Restriction> restrictions = new ArrayList<>(constraints);
        restrictions.add(new Restriction("a stage is worth its barrier", elements.atLeast(least)));
        restrictions.add(new Restriction("a stage is short enough to have several", elements.atMost(most)));
        restrictions.addAll(registers(accumulators));
        restrictions.add(new Restriction(
                "a warp multiplies what it decodes 16 times, or 10 times where the tile has 16 rows",
                warpRows.times(warpColumns)
                        .over(warpRows.plus(warpColumns))
                        .plus(BM.equalTo(16).times(6))
                        .atLeast(16)));
        restrictions.add(new Restriction(
                "a short tile, bound by memory, runs one stage further ahead",
                STAGES.plus(BM.atLeast(64)).equalTo(4)));
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
}
