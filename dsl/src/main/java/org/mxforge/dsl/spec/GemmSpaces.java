package org.mxforge.dsl.spec;

import static org.mxforge.dsl.space.Expression.constant;
import static org.mxforge.dsl.space.Expression.variable;

import java.util.List;
import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.space.Expression;
import org.mxforge.dsl.space.Parameter;
import org.mxforge.dsl.space.Restriction;
import org.mxforge.dsl.target.Target;

/** The config spaces of the GEMM specs, one for each kernel family. */
final class GemmSpaces {
    /** FP32 accumulators a thread can hold beside its operands without spilling. */
    private static final int MAX_ACCUMULATORS = 64;

    private GemmSpaces() {}

    /**
     * Portable CUDA: block tile {@code bm x bn}, {@code bk} elements a stage, {@code wm x wn} warps, {@code stages} deep.
     *
     * @param activationBits widest activation element, 4 to 16
     * @param weightBits widest weight element, 4 to 16
     */
    static ConfigSpace portable(Target target, int activationBits, int weightBits) {
        Expression bm = variable("bm");
        Expression bn = variable("bn");
        Expression bk = variable("bk");
        Expression wm = variable("wm");
        Expression wn = variable("wn");
        Expression stages = variable("stages");
        Expression stageBytes =
                bm.times(activationBits).plus(bn.times(weightBits)).times(bk).over(constant(8));
        return new ConfigSpace(
                List.of(
                        Parameter.of("bm", 64, 128, 32, 16),
                        Parameter.of("bn", 128, 64),
                        Parameter.of("bk", 64, 128),
                        Parameter.of("wm", 2, 1, 4),
                        Parameter.of("wn", 4, 2),
                        Parameter.of("stages", 3, 2, 4)),
                List.of(
                        new Restriction(
                                "the stages fit into shared memory",
                                stageBytes.times(stages).atMost(target.sharedMemoryPerBlock())),
                        new Restriction(
                                "each warp has whole 16-row fragments",
                                bm.modulo(wm.times(16)).equalTo(0)),
                        new Restriction(
                                "each warp has whole pairs of 8-column fragments",
                                bn.modulo(wn.times(16)).equalTo(0)),
                        new Restriction(
                                "the accumulators of a thread fit its registers",
                                bm.times(bn).over(wm.times(wn).times(32)).atMost(MAX_ACCUMULATORS)),
                        new Restriction(
                                "a block has 64 to 256 threads", wm.times(wn).atLeast(2)),
                        new Restriction(
                                "a block has 64 to 256 threads", wm.times(wn).atMost(8))));
    }

    /** CPU: {@code bm} rows and {@code bn} columns a task, {@code bk} channels decoded at a time. */
    static ConfigSpace cpu() {
        return new ConfigSpace(
                List.of(
                        Parameter.of("bm", 64, 32, 128),
                        Parameter.of("bn", 64, 128, 32),
                        Parameter.of("bk", 256, 128, 512)),
                List.of());
    }
}
