package com.example.guide;

import static org.mxforge.dsl.space.Expression.constant;
import static org.mxforge.dsl.space.Expression.variable;

import java.util.Optional;
import org.mxforge.codegen.cuda.CudaAlgorithm;
import org.mxforge.codegen.cuda.KernelPlan;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.RowTiling;
import org.mxforge.dsl.tile.Tiling;

/** Computes it with a thread for every 8 channels, on any GPU; how many of them make a block is worth trying. */
final class GroupMaxThreads implements CudaAlgorithm<GroupMaxSpec> {
    /** Of a thread: a load of 16 bytes. */
    private static final int CHANNELS = 8;

    @Override
    public String name() {
        return "threads";
    }

    @Override
    public Class<GroupMaxSpec> specs() {
        return GroupMaxSpec.class;
    }

    @Override
    public Optional<String> refusal(GroupMaxSpec spec, Target target) {
        return target.isGpu() ? Optional.empty() : Optional.of("threads are for GPUs");
    }

    @Override
    public ConfigSpace space(GroupMaxSpec spec, Target target) {
        return RowTiling.space();
    }

    @Override
    public Tiling tiling(Configuration configuration) {
        return RowTiling.of(configuration);
    }

    @Override
    public KernelPlan plan(GroupMaxSpec spec, KernelVariant variant) {
        int threads = RowTiling.of(variant.configuration()).threads();
        SignatureBuilder signature = SignatureBuilder.of(GroupMaxSpec.Arguments.class)
                .size("rows", "rows")
                .size("columns", spec.group(), "channels")
                .address("x", "const unsigned short*", "the input", "BF16 [rows][columns]")
                .address("y", "unsigned short*", "the result", "BF16 [rows][columns / " + spec.group() + "]")
                .grid(variable("columns").over(CHANNELS).times(variable("rows")).pieces(constant(threads)));
        return new KernelPlan(
                "/com/example/guide/groupmax",
                new GroupMax(variant.identifier(), threads, spec.group() / CHANNELS),
                signature.build(threads, "one thread for every 8 channels"),
                0);
    }

    /** What the template of this name is given; {@code lanes} share a group. */
    private record GroupMax(String name, int threads, int lanes) implements OutputModel {}
}
