package org.mxforge.codegen.kernel.row;

import static org.mxforge.dsl.space.Expression.constant;
import static org.mxforge.dsl.space.Expression.variable;

import java.util.Optional;
import org.mxforge.codegen.cuda.CudaAlgorithm;
import org.mxforge.codegen.cuda.KernelPlan;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.RowTiling;
import org.mxforge.dsl.tile.Tiling;

/**
 * A kernel of rows by a cluster of blocks for each row, which has all its columns in shared memory: a batch has far fewer rows than a GPU
 * has multiprocessors, and rows are as long as a vocabulary.
 *
 * @param kind whose arguments it takes: {@code columns} among them
 * @param model what its template {@code hopper/STEMspread} is rendered from
 */
record SpreadRows<S extends KernelSpec>(RowKind<S> kind, Model model) implements CudaAlgorithm<S> {
    /** Shared memory for what warps and blocks tell each other, at most. */
    private static final int ROOM = 16 << 10;

    /** Of a kernel by {@code parts} blocks for a row. */
    @FunctionalInterface
    interface Model {
        OutputModel of(String name, int threads, int parts);
    }

    @Override
    public String name() {
        return "spread";
    }

    @Override
    public Class<S> specs() {
        return kind.specs();
    }

    @Override
    public Optional<String> refusal(S spec, Target target) {
        return target == Target.SM_90A ? Optional.empty() : Optional.of("clusters of blocks are for sm_90a");
    }

    @Override
    public ConfigSpace space(S spec, Target target) {
        return kind.space();
    }

    @Override
    public Tiling tiling(Configuration configuration) {
        return RowTiling.of(configuration);
    }

    @Override
    public KernelPlan plan(S spec, KernelVariant variant) {
        int threads = RowTiling.of(variant.configuration()).threads();
        int parts = variant.target().clusterBlocks();
        int most = (variant.target().sharedMemoryPerBlock() - ROOM) / Float.BYTES;
        SignatureBuilder signature = SignatureBuilder.of(kind.arguments());
        kind.arguments(spec, signature);
        signature
                .atMost("columns", constant(most * parts))
                .grid(variable("rows").times(parts))
                .cluster(parts)
                .shared(variable("columns").pieces(constant(parts)).times(Float.BYTES));
        return new KernelPlan(
                "hopper/" + kind.stem() + "spread",
                model.of(variant.identifier(), threads, parts),
                signature.build(threads, parts + " blocks for each row"),
                most * Float.BYTES);
    }
}
