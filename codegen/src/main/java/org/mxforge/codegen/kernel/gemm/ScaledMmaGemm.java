package org.mxforge.codegen.kernel.gemm;

import static org.mxforge.dsl.space.Expression.constant;
import static org.mxforge.dsl.space.Expression.variable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mxforge.codegen.cuda.CudaAlgorithm;
import org.mxforge.codegen.cuda.KernelPlan;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.space.Expression;
import org.mxforge.dsl.space.Parameter;
import org.mxforge.dsl.space.Restriction;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.ScaledMmaTiling;
import org.mxforge.dsl.tile.Tiling;

/**
 * Packed operands and their scales on the tensor cores of sm_120a, which multiply elements of every pair of formats and scale them: exact but
 * for the order and width of their sums, with nothing to be decoded. Pairs of E2M1 go at twice the rate of the others.
 *
 * @param product of one set of weights or of many
 */
record ScaledMmaGemm<S extends KernelSpec>(Product<S> product) implements CudaAlgorithm<S> {
    @Override
    public String name() {
        return "mma_scaled";
    }

    @Override
    public Class<S> specs() {
        return product.specs();
    }

    @Override
    public Optional<String> refusal(S spec, Target target) {
        if (target != Target.SM_120A) {
            return Optional.of("mma.sync that scales its operands is for sm_120a");
        }
        return product.of(spec).groups().isMx()
                ? Optional.empty()
                : Optional.of("the tensor cores of sm_120a scale groups of 32 with e8m0 scales alone");
    }

    @Override
    public OperandLayout layout(Side side) {
        return OperandLayout.TILED;
    }

    @Override
    public ConfigSpace space(S spec, Target target) {
        return MmaSpaces.space(
                Parameter.of("bk", 128, 64), 10_000, 33_000, MmaSpaces.MAX_ACCUMULATORS, constraints(spec, target));
    }

    @Override
    public Configuration usual(S spec, Target target, KernelShape shape) {
        return product.usual(space(spec, target), shape, configuration -> ScaledMmaTiling.of(configuration)
                .block()
                .m());
    }

    @Override
    public List<Restriction> constraints(S spec, Target target) {
        List<Restriction> constraints = new ArrayList<>(PackedStages.constraints(product, spec, target));
        constraints.add(new Restriction(
                "a register has the scales of two fragments of rows, or of the only one",
                sharesScales(variable("bm"), variable("wm"))));
        constraints.add(new Restriction(
                "a register has the scales of four fragments of columns, or of the only two",
                sharesScales(variable("bn"), variable("wn"))));
        return constraints;
    }

    /** Whether each of {@code warps} has 16 of {@code all} rows or columns, or a multiple of 32. */
    private static Expression sharesScales(Expression all, Expression warps) {
        return all.equalTo(warps.times(16)).or(all.modulo(warps.times(32)).equalTo(0));
    }

    @Override
    public Tiling tiling(Configuration configuration) {
        return ScaledMmaTiling.of(configuration);
    }

    @Override
    public KernelPlan plan(S spec, KernelVariant variant) {
        MxGemmSpec gemm = product.of(spec);
        Configuration configuration = variant.configuration();
        GemmTile tile = GemmTile.of(ScaledMmaTiling.of(configuration), PackedStages.bytes(gemm, configuration));
        SignatureBuilder signature = product.sizes(spec);
        GemmSignature.partitions(signature, gemm, OperandLayout.TILED, OperandLayout.TILED);
        GemmSignature.outputs(signature, gemm.epilogue(), gemm.output());
        GemmSignature.tiles(signature, constant(tile.bm()), constant(tile.bn())).shared(constant(tile.sharedBytes()));
        return new KernelPlan(
                "blackwell/mxgemm",
                BlackwellGemm.of(
                        variant.identifier(),
                        tile,
                        gemm,
                        MxGemm.ExpertRouting.of(product, spec, OperandLayout.TILED),
                        configuration),
                signature.build(tile.threads(), tile.work()),
                tile.sharedBytes());
    }
}
