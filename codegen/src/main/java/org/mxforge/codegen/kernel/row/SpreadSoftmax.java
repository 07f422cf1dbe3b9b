package org.mxforge.codegen.kernel.row;

import static org.mxforge.dsl.space.Expression.constant;
import static org.mxforge.dsl.space.Expression.variable;

import java.util.Optional;
import org.mxforge.codegen.cuda.CudaAlgorithm;
import org.mxforge.codegen.cuda.KernelPlan;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.launch.SoftmaxArguments;
import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.SoftmaxSpec;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.RowTiling;
import org.mxforge.dsl.tile.Tiling;

/**
 * Softmax by a cluster of blocks for each row: a batch has far fewer rows than a GPU has multiprocessors, and rows are as long as a
 * vocabulary.
 */
record SpreadSoftmax(SoftmaxKind kind) implements CudaAlgorithm<SoftmaxSpec> {
    @Override
    public String name() {
        return "spread";
    }

    @Override
    public Class<SoftmaxSpec> specs() {
        return SoftmaxSpec.class;
    }

    @Override
    public Optional<String> refusal(SoftmaxSpec spec, Target target) {
        return target == Target.SM_90A ? Optional.empty() : Optional.of("clusters of blocks are for sm_90a");
    }

    @Override
    public ConfigSpace space(SoftmaxSpec spec, Target target) {
        return kind.space();
    }

    @Override
    public Tiling tiling(Configuration configuration) {
        return RowTiling.of(configuration);
    }

    @Override
    public KernelPlan plan(SoftmaxSpec spec, KernelVariant variant) {
        int threads = RowTiling.of(variant.configuration()).threads();
        int parts = variant.target().clusterBlocks();
        SignatureBuilder signature = SignatureBuilder.of(SoftmaxArguments.class);
        kind.arguments(spec, signature);
        signature.grid(variable("rows").times(parts)).cluster(parts).shared(constant(0));
        return new KernelPlan(
                "hopper/softmaxspread",
                new SoftmaxSpread(variant.identifier(), threads, parts),
                signature.build(threads, parts + " blocks for each row"),
                0);
    }

    /** Softmax by {@code parts} blocks. */
    record SoftmaxSpread(String name, int threads, int parts) implements OutputModel {}
}
