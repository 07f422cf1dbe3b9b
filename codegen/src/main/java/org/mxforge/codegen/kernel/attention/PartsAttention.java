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

/**
 * One query by a cluster of blocks, each of which looks at a run of its positions: for steps that have so few queries that these do not
 * fill a GPU.
 */
record PartsAttention() implements CudaAlgorithm<AttentionSpec> {
    /** Rows that fill a GPU with their heads. */
    private static final int MANY_ROWS = 16;

    @Override
    public String name() {
        return "parts";
    }

    @Override
    public Class<AttentionSpec> specs() {
        return AttentionSpec.class;
    }

    @Override
    public Optional<String> refusal(AttentionSpec spec, Target target) {
        return target == Target.SM_90A ? Optional.empty() : Optional.of("clusters of blocks are for sm_90a");
    }

    @Override
    public ConfigSpace space(AttentionSpec spec, Target target) {
        return RowTiling.space();
    }

    @Override
    public Tiling tiling(Configuration configuration) {
        return RowTiling.of(configuration);
    }

    @Override
    public boolean suits(AttentionSpec spec, Target target, KernelShape shape) {
        return shape.m() < MANY_ROWS;
    }

    @Override
    public KernelPlan plan(AttentionSpec spec, KernelVariant variant) {
        int threads = RowTiling.of(variant.configuration()).threads();
        int parts = variant.target().clusterBlocks();
        SignatureBuilder signature = AttentionSignature.of(spec)
                .grid(variable("rows").times(parts), variable("heads"))
                .cluster(parts)
                .shared(constant(0));
        return new KernelPlan(
                "hopper/attentionparts",
                new AttentionParts(
                        variant.identifier(),
                        threads,
                        spec.head(),
                        RowsAttention.lanes(spec),
                        parts,
                        (float) (1 / Math.sqrt(spec.head())),
                        CacheValues.of(spec)),
                signature.build(threads, parts + " blocks for each query row and head, heads along y"),
                0);
    }

    /** Attention by {@code parts} blocks; the rest is as in {@link RowsAttention.Attention}. */
    record AttentionParts(String name, int threads, int head, int lanes, int parts, float scale, CacheValues cache)
            implements OutputModel {}
}
