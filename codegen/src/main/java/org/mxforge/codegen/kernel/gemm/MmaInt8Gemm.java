package org.mxforge.codegen.kernel.gemm;

import static org.mxforge.dsl.space.Expression.constant;
import static org.mxforge.dsl.space.Expression.variable;

import java.util.List;
import java.util.Optional;
import org.mxforge.codegen.cuda.CudaAlgorithm;
import org.mxforge.codegen.cuda.KernelPlan;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.space.Parameter;
import org.mxforge.dsl.space.Restriction;
import org.mxforge.dsl.spec.Int8GemmSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.MmaTiling;
import org.mxforge.dsl.tile.SharedTile;
import org.mxforge.dsl.tile.Tiling;

/**
 * The GEMM on INT8 operands with integer {@code mma.sync}: on every GPU from sm_80 on. In shared memory and registers two channels lie as
 * one BF16 value does, so that {@code bk} counts pairs of channels.
 *
 * @param name of this form
 * @param few whether it is for few tokens, bound by reading weights
 */
record MmaInt8Gemm(String name, boolean few) implements CudaAlgorithm<Int8GemmSpec> {
    @Override
    public Class<Int8GemmSpec> specs() {
        return Int8GemmSpec.class;
    }

    @Override
    public Optional<String> refusal(Int8GemmSpec spec, Target target) {
        return target.isGpu() ? Optional.empty() : Optional.of("on the CPU it is plain Java, not a kernel");
    }

    @Override
    public ConfigSpace space(Int8GemmSpec spec, Target target) {
        List<Restriction> constraints = constraints(spec, target);
        return few ? few(constraints) : MmaSpaces.space(Parameter.of("bk", 64, 32), 5_000, 12_000, constraints);
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
    public List<Restriction> constraints(Int8GemmSpec spec, Target target) {
        return MmaSpaces.constraints(
                target,
                SharedTile.plainStage(),
                new Restriction(
                        "a stage has whole steps of 64 channels",
                        variable("bk").modulo(32).equalTo(0)));
    }

    @Override
    public Tiling tiling(Configuration configuration) {
        return MmaTiling.of(configuration);
    }

    @Override
    public KernelPlan plan(Int8GemmSpec spec, KernelVariant variant) {
        Configuration configuration = variant.configuration();
        GemmTile tile =
                GemmTile.of(MmaTiling.of(configuration), SharedTile.plainStage().evaluate(configuration));
        GemmEpilogue epilogue = GemmEpilogue.of(spec.epilogue());
        Int8Gemm model = new Int8Gemm(
                variant.identifier(),
                tile,
                SharedTile.pitch(16).evaluate(configuration),
                GemmOutput.of(spec.output()),
                epilogue,
                epilogue.operands());
        SignatureBuilder signature = Int8GemmKind.signature(spec);
        GemmSignature.tiles(signature, constant(tile.bm()), constant(tile.bn())).shared(constant(tile.sharedBytes()));
        return new KernelPlan(
                "portable/int8gemm", model, signature.build(tile.threads(), tile.work()), tile.sharedBytes());
    }

    /**
     * The kernel.
     *
     * @param name entry point
     * @param pitch bytes from row to row of a tile in shared memory
     * @param operands the epilogue's parameter, if any
     */
    record Int8Gemm(
            String name,
            GemmTile tile,
            long pitch,
            GemmOutput output,
            GemmEpilogue epilogue,
            List<GemmEpilogue.Operand> operands)
            implements OutputModel {}
}
