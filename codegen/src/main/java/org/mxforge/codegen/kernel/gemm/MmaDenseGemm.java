package org.mxforge.codegen.kernel.gemm;

import static org.mxforge.dsl.space.Expression.constant;
import static org.mxforge.dsl.space.Expression.variable;

import java.util.List;
import java.util.Optional;
import org.mxforge.codegen.cuda.CudaAlgorithm;
import org.mxforge.codegen.cuda.KernelPlan;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.dsl.launch.DenseGemmArguments;
import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.space.Parameter;
import org.mxforge.dsl.space.Restriction;
import org.mxforge.dsl.spec.DenseGemmSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.MmaTiling;
import org.mxforge.dsl.tile.SharedTile;
import org.mxforge.dsl.tile.Tiling;

/** The GEMM on plain operands with bf16 {@code mma.sync}: on every GPU from sm_80 on. */
record MmaDenseGemm() implements CudaAlgorithm<DenseGemmSpec> {
    /** BF16 values in 16 bytes: rows of plain operands start on whole vectors. */
    private static final int VECTOR = 8;

    @Override
    public String name() {
        return "mma";
    }

    @Override
    public Class<DenseGemmSpec> specs() {
        return DenseGemmSpec.class;
    }

    @Override
    public Optional<String> refusal(DenseGemmSpec spec, Target target) {
        return target.isGpu() ? Optional.empty() : Optional.of("mma is for GPUs");
    }

    @Override
    public ConfigSpace space(DenseGemmSpec spec, Target target) {
        return MmaSpaces.space(Parameter.of("bk", 32, 64), 5_000, 12_000, constraints(spec, target));
    }

    @Override
    public List<Restriction> constraints(DenseGemmSpec spec, Target target) {
        return MmaSpaces.constraints(
                target,
                SharedTile.plainStage(),
                new Restriction(
                        "a stage has whole steps of 32 channels",
                        variable("bk").modulo(32).equalTo(0)));
    }

    @Override
    public Tiling tiling(Configuration configuration) {
        return MmaTiling.of(configuration);
    }

    @Override
    public KernelPlan plan(DenseGemmSpec spec, KernelVariant variant) {
        Configuration configuration = variant.configuration();
        GemmTile tile =
                GemmTile.of(MmaTiling.of(configuration), SharedTile.plainStage().evaluate(configuration));
        GemmEpilogue epilogue = GemmEpilogue.of(spec.epilogue());
        DenseGemm model = new DenseGemm(
                variant.identifier(),
                tile,
                SharedTile.pitch(16).evaluate(configuration),
                GemmOutput.of(spec.output()),
                epilogue,
                epilogue.operands());
        SignatureBuilder signature = SignatureBuilder.of(DenseGemmArguments.class)
                .size("m", "rows of A and D")
                .size("n", "rows of B, columns of D")
                .size("k", VECTOR, "channels")
                .address("a", "const unsigned short*", "A", "BF16 [m][k]")
                .address("b", "const unsigned short*", "B", "BF16 [n][k]");
        GemmSignature.outputs(signature, spec.epilogue(), spec.output());
        GemmSignature.tiles(signature, constant(tile.bm()), constant(tile.bn())).shared(constant(tile.sharedBytes()));
        return new KernelPlan(
                "portable/densegemm", model, signature.build(tile.threads(), tile.work()), tile.sharedBytes());
    }
}
