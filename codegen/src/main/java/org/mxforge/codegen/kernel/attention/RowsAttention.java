package org.mxforge.codegen.kernel.attention;

import static org.mxforge.dsl.space.Expression.constant;
import static org.mxforge.dsl.space.Expression.variable;

import java.util.Optional;
import org.mxforge.codegen.cuda.CudaAlgorithm;
import org.mxforge.codegen.cuda.KernelPlan;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.spec.AttentionSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.RowTiling;
import org.mxforge.dsl.tile.Tiling;

/** One query after another, by teams of lanes that share its positions: on every GPU, for heads of any width. */
record RowsAttention() implements CudaAlgorithm<AttentionSpec> {
    /** BF16 values that a lane of a team holds. */
    private static final int LANE_VALUES = 8;

    @Override
    public String name() {
        return "rows";
    }

    @Override
    public Class<AttentionSpec> specs() {
        return AttentionSpec.class;
    }

    @Override
    public Optional<String> refusal(AttentionSpec spec, Target target) {
        return target.isGpu() ? Optional.empty() : Optional.of("on the CPU it is plain Java, not a kernel");
    }

    @Override
    public ConfigSpace space(AttentionSpec spec, Target target) {
        return RowTiling.space();
    }

    @Override
    public Tiling tiling(Configuration configuration) {
        return RowTiling.of(configuration);
    }

    /** Others do, wherever they hold. */
    @Override
    public boolean suits(AttentionSpec spec, Target target, KernelShape shape) {
        return false;
    }

    @Override
    public KernelPlan plan(AttentionSpec spec, KernelVariant variant) {
        int threads = RowTiling.of(variant.configuration()).threads();
        SignatureBuilder signature = AttentionSignature.of(spec)
                .grid(variable("rows"), variable("heads"))
                .shared(constant(0));
        return new KernelPlan(
                "portable/attention",
                new Attention(
                        variant.identifier(),
                        threads,
                        spec.head(),
                        lanes(spec),
                        (float) (1 / Math.sqrt(spec.head())),
                        CacheValues.of(spec)),
                signature.build(threads, "one block for each query row and head, heads along y"),
                0);
    }

    /** Lanes of a team: they exchange sums by butterfly, so that they are a power of two. */
    static int lanes(AttentionSpec spec) {
        int busy = spec.head() / LANE_VALUES;
        return busy == 1 ? 1 : Integer.highestOneBit(busy - 1) << 1;
    }

    /** Attention by teams of {@code lanes} lanes; scores are scaled by {@code scale}. */
    record Attention(String name, int threads, int head, int lanes, float scale, CacheValues cache)
            implements OutputModel {}
}
