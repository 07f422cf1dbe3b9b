package org.mxforge.codegen.kernel.gemm;

import static org.mxforge.dsl.space.Expression.constant;
import static org.mxforge.dsl.space.Expression.variable;

import java.util.List;
import java.util.Optional;
import org.mxforge.codegen.cuda.CudaAlgorithm;
import org.mxforge.codegen.cuda.KernelPlan;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.space.Configuration;
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
        Parameter depth = product.integers() ? Parameter.of("bk", 64, 32) : Parameter.of("bk", 32, 64);
        return few ? few(constraints) : MmaSpaces.space(depth, 5_000, 12_000, constraints);
    }

    /** Narrow tiles, so that there is one for each multiprocessor, with as many bytes under way as memory takes to answer. */
    private static ConfigSpace few(List<Restriction> constraints) {
        return ConfigSpace.of(
                        Parameter.of("bm", 16),
                        Parameter.of("bn", 32, 64),
                        Parameter.of("bk", 64),
                        Parameter.of("wm", 1),
                        Parameter.of("wn", 2),
                        Parameter.of("stages", 6, 4))
                .restricted(constraints.toArray(Restriction[]::new));
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
