package org.mxforge.codegen.kernel.attention;

import static org.mxforge.dsl.space.Expression.variable;

import java.util.Optional;
import org.mxforge.dsl.layout.CachePages;
import org.mxforge.dsl.space.Expression;
import org.mxforge.dsl.space.Restriction;
import org.mxforge.dsl.spec.AttentionSpec;
import org.mxforge.dsl.target.Target;

/** What algorithms have in common that multiply 16 queries at a time with {@code mma.sync}. */
final class AttentionMma {
    /** Channels of a product. */
    private static final int STEP = 16;

    /** Channels of a head, whose queries and sums fit into the registers of a warp. */
    private static final int MOST_CHANNELS = 128;

    /** Positions in shared memory are whole pieces of so many bytes apart. */
    private static final int PIECE = 16;

    private static final int BF16_BYTES = 2;

    /** Steps begin and end with pages, or in the middle of one; a product has 16 positions. */
    static final Restriction WHOLE_STEPS = new Restriction(
            "a step has half a page or whole ones",
            variable("bn")
                    .equalTo(CachePages.POSITIONS / 2)
                    .plus(variable("bn").modulo(CachePages.POSITIONS).equalTo(0))
                    .atLeast(1));

    private AttentionMma() {}

    static Optional<String> refusal(AttentionSpec spec, Target target) {
        if (!target.isGpu()) {
            return Optional.of("mma is for GPUs");
        }
        return spec.head() % STEP == 0 && spec.head() <= MOST_CHANNELS
                ? Optional.empty()
                : Optional.of("heads on mma are of whole " + STEP + " channels, at most " + MOST_CHANNELS + ", not of "
                        + spec.head());
    }

    /** Bytes of the keys and the values of a step of {@code bn} positions. */
    static Expression stageBytes(AttentionSpec spec) {
        return tileBytes(spec).times(2);
    }

    /** Bytes of the keys of a step, or of its values. */
    static Expression tileBytes(AttentionSpec spec) {
        return variable("bn").times((spec.head() * BF16_BYTES / PIECE | 1) * PIECE);
    }

    /** What scores are multiplied by, for powers of 2. */
    static float scale(AttentionSpec spec) {
        return (float) (1 / Math.log(2) / Math.sqrt(spec.head()));
    }
}
