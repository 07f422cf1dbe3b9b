package org.mxforge.codegen.kernel.gemm;

import static org.mxforge.dsl.space.Expression.constant;
import static org.mxforge.dsl.space.Expression.variable;

import java.util.List;
import java.util.Optional;
import org.mxforge.codegen.cuda.CudaAlgorithm;
import org.mxforge.codegen.cuda.KernelPlan;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.space.Expression;
import org.mxforge.dsl.space.Parameter;
import org.mxforge.dsl.space.Restriction;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.MmaTiling;
import org.mxforge.dsl.tile.SharedTile;
import org.mxforge.dsl.tile.Tiling;

/**
 * The GEMM on plain operands with {@code mma.sync}: on every GPU from sm_80 on. In shared memory and registers two channels in INT8 lie as
 * one BF16 value does, so that {@code bk} counts pairs of them.
 *
 * @param name of this form
 * @param few whether it is for few tokens, bound by reading weights
 */
record MmaPlainGemm<S extends KernelSpec>(String name, PlainProduct<S> product, boolean few)
        implements CudaAlgorithm<S> {
    /** Integer sums of a thread: their operands are not decoded, so that twice as many fit. */
    private static final int INTEGER_ACCUMULATORS = 128;

    /** Pairs of INT8 values of a stage: they are multiplied twice as fast as as many BF16 ones, and the barrier is worth more of them. */
    private static final int MOST_OF_INTEGERS = 17_000;

    @Override
    public Class<S> specs() {
        return product.specs();
    }

    @Override
    public Optional<String> refusal(S spec, Target target) {
        return target.isGpu() ? Optional.empty() : Optional.of(name + " is for GPUs");
    }

    @Override
    public ConfigSpace space(S spec, Target target) {
        List<Restriction> constraints = constraints(spec, target);
        if (few) {
            return few(constraints);
        }
        Parameter depth = Parameter.of("bk", 32, 64);
        return product.integers()
                ? MmaSpaces.space(depth, 5_000, MOST_OF_INTEGERS, INTEGER_ACCUMULATORS, constraints)
                : MmaSpaces.space(depth, 5_000, 12_000, MmaSpaces.MAX_ACCUMULATORS, constraints);
    }

    /** Narrow tiles, so that there is one for each multiprocessor, with as many bytes under way as memory takes to answer. */
    private static ConfigSpace few(List<Restriction> constraints) {
        Expression columns = variable("bn");
        Expression warps = variable("wn");
        Expression underWay = variable("bk").times(variable("stages"));
        return ConfigSpace.of(
                        Parameter.of("bm", 16, 32),
                        Parameter.of("bn", 32, 64, 16),
                        Parameter.of("bk", 64, 128),
                        Parameter.of("wm", 1),
                        Parameter.of("wn", 2, 4, 1),
                        Parameter.of("stages", 6, 4, 3))
                .restricted(constraints.toArray(Restriction[]::new))
                .restricted(
                        new Restriction(
                                "a warp has 16 columns, or 32 of 64",
                                columns.equalTo(warps.times(16))
                                        .or(columns.equalTo(64).and(warps.equalTo(2)))),
                        new Restriction(
                                "256 to 384 values of a row are under way",
                                underWay.atLeast(256).and(underWay.atMost(384))));
    }

    @Override
    public List<Restriction> constraints(S spec, Target target) {
        return MmaSpaces.constraints(
                target,
                SharedTile.plainStage(),
                new Restriction(
                        "a stage has whole steps of " + (product.integers() ? 64 : 32) + " channels",
                        variable("bk").modulo(32).equalTo(0)));
    }

    @Override
    public boolean suits(S spec, Target target, KernelShape shape) {
        return few || product.suits().test(shape);
    }

    @Override
    public Tiling tiling(Configuration configuration) {
        return MmaTiling.of(configuration);
    }

    @Override
    public KernelPlan plan(S spec, KernelVariant variant) {
        Configuration configuration = variant.configuration();
        GemmTile tile =
                GemmTile.of(MmaTiling.of(configuration), SharedTile.plainStage().evaluate(configuration));
        GemmEpilogue epilogue = GemmEpilogue.of(product.epilogue().apply(spec));
        PlainGemm model = new PlainGemm(
                variant.identifier(),
                product.integers(),
                tile,
                SharedTile.pitch(16).evaluate(configuration),
                GemmOutput.of(product.output().apply(spec)),
                epilogue,
                epilogue.tileStore(),
                epilogue.operands());
        SignatureBuilder signature = product.rows().apply(spec);
        GemmSignature.tiles(signature, constant(tile.bm()), constant(tile.bn())).shared(constant(tile.sharedBytes()));
        return new KernelPlan(
                "portable/plaingemm", model, signature.build(tile.threads(), tile.work()), tile.sharedBytes());
    }
}
