package org.mxforge.codegen.kernel.attention;

import static org.mxforge.dsl.space.Expression.constant;
import static org.mxforge.dsl.space.Expression.variable;

import java.util.List;
import java.util.Optional;
import org.mxforge.codegen.cuda.CudaAlgorithm;
import org.mxforge.codegen.cuda.KernelPlan;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.shape.AttentionShape;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.space.Expression;
import org.mxforge.dsl.space.Parameter;
import org.mxforge.dsl.space.Restriction;
import org.mxforge.dsl.spec.AttentionSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.AttentionTiling;
import org.mxforge.dsl.tile.Tiling;

/** Tiles of queries with bf16 {@code mma.sync}, on every GPU from sm_80 on: a warp has 16 queries, all warps share keys and values. */
record MmaAttention() implements CudaAlgorithm<AttentionSpec> {
    /** Queries of a warp. */
    private static final int WARP_ROWS = 16;

    @Override
    public String name() {
        return "mma";
    }

    @Override
    public Class<AttentionSpec> specs() {
        return AttentionSpec.class;
    }

    @Override
    public Optional<String> refusal(AttentionSpec spec, Target target) {
        return AttentionMma.refusal(spec, target);
    }

    @Override
    public ConfigSpace space(AttentionSpec spec, Target target) {
        return ConfigSpace.of(Parameter.of("bm", 64, 128), Parameter.of("bn", 64, 32), Parameter.of("stages", 2, 3))
                .restricted(constraints(spec, target).toArray(Restriction[]::new));
    }

    @Override
    public List<Restriction> constraints(AttentionSpec spec, Target target) {
        return List.of(
                new Restriction(
                        "a tile has 16 queries for each of 1 to 8 warps",
                        variable("bm")
                                .modulo(WARP_ROWS)
                                .equalTo(0)
                                .and(variable("bm").atLeast(WARP_ROWS))
                                .and(variable("bm").atMost(8 * WARP_ROWS))),
                AttentionMma.WHOLE_STEPS,
                new Restriction(
                        "the stages fit into shared memory",
                        AttentionMma.stageBytes(spec).times(variable("stages")).atMost(target.sharedMemoryPerBlock())));
    }

    @Override
    public Tiling tiling(Configuration configuration) {
        return AttentionTiling.of(configuration);
    }

    @Override
    public boolean permits(AttentionSpec spec, Configuration configuration, KernelShape shape) {
        return ((AttentionShape) shape).group()
                <= AttentionTiling.of(configuration).rows();
    }

    /** Where sequences have several queries each, which then share what is read. */
    @Override
    public boolean suits(AttentionSpec spec, Target target, KernelShape shape) {
        return ((AttentionShape) shape).queries() > 1 && permits(spec, usual(spec, target, shape), shape);
    }

    @Override
    public KernelPlan plan(AttentionSpec spec, KernelVariant variant) {
        AttentionTiling tiling = AttentionTiling.of(variant.configuration());
        int rows = tiling.rows();
        Expression group = variable("heads").over(variable("kvHeads"));
        Expression tiles = variable("rows").pieces(constant(rows).over(group)).times(variable("kvHeads"));
        int sharedBytes = Math.toIntExact(
                AttentionMma.stageBytes(spec).times(variable("stages")).evaluate(variant.configuration()));
        SignatureBuilder signature = AttentionSignature.of(spec)
                .condition(
                        group.atMost(constant(rows)),
                        "{} heads share keys: a tile has room for those of one query of " + rows + " at most",
                        group)
                .grid(tiles)
                .shared(constant(sharedBytes));
        return new KernelPlan(
                "portable/attentiontiles",
                new AttentionTiles(
                        variant.identifier(),
                        spec.head(),
                        rows,
                        tiling.keys(),
                        tiling.pipeline().stages(),
                        AttentionMma.scale(spec),
                        CacheTiles.of(spec)),
                signature.build(2 * rows, "one for each tile of " + rows + " queries of a key/value head"),
                sharedBytes);
    }

    /** The kernel: tiles of {@code rows} queries; the rest is as in {@link WgmmaAttention.HopperAttention}. */
    record AttentionTiles(String name, int head, int rows, int keys, int stages, float scale, CacheTiles tiles)
            implements OutputModel {}
}
