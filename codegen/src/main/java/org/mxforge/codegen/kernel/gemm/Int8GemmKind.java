package org.mxforge.codegen.kernel.gemm;

import static org.mxforge.dsl.space.Expression.variable;

import java.util.ArrayList;
import java.util.List;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.Int8GemmArguments;
import org.mxforge.dsl.spec.Algorithm;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.Int8GemmSpec;
import org.mxforge.dsl.spec.KernelKind;
import org.mxforge.dsl.spec.KernelRole;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.SpecText;
import org.mxforge.dsl.target.Target;

/** GEMMs on INT8 operands, the baseline beside MX formats; on the CPU it is plain Java, not a kernel. */
public final class Int8GemmKind implements KernelKind<Int8GemmSpec> {
    /** Channels in 16 bytes: rows of operands end on whole pieces of a tile. */
    private static final int VECTOR = 16;

    /** On the tensor cores of sm_90a. */
    public static final Algorithm<Int8GemmSpec> WGMMA = new WgmmaPlainGemm<>(PlainProduct.INT8);

    /** On every GPU. */
    public static final Algorithm<Int8GemmSpec> MMA = new MmaPlainGemm<>("mma", PlainProduct.INT8, false);

    /** The same in small tiles, for few tokens. */
    public static final Algorithm<Int8GemmSpec> FEW = new MmaPlainGemm<>("few", PlainProduct.INT8, true);

    private static final List<Algorithm<Int8GemmSpec>> ALGORITHMS = List.of(WGMMA, MMA, FEW);

    /** Rows that a low tile has, several times over. */
    private static final int FEW_ROWS = 64;

    /** The algorithm that suits so many rows on {@code target}, a GPU. */
    public static Algorithm<Int8GemmSpec> suiting(Int8GemmSpec spec, Target target, int rows) {
        if (rows <= FEW_ROWS) {
            return FEW;
        }
        return WGMMA.refusal(spec, target).isEmpty() ? WGMMA : MMA;
    }

    @Override
    public String stem() {
        return Int8GemmSpec.STEM;
    }

    @Override
    public KernelRole role() {
        return KernelRole.GEMM;
    }

    @Override
    public Class<Int8GemmSpec> specs() {
        return Int8GemmSpec.class;
    }

    @Override
    public Class<Int8GemmArguments> arguments() {
        return Int8GemmArguments.class;
    }

    @Override
    public Int8GemmSpec read(SpecText fields) {
        return Int8GemmSpec.read(fields);
    }

    @Override
    public List<Algorithm<Int8GemmSpec>> algorithms() {
        return ALGORITHMS;
    }

    @Override
    public List<KernelVariant> catalogue() {
        List<KernelVariant> variants = new ArrayList<>();
        for (Epilogue epilogue : Epilogue.values()) {
            variants.add(KernelVariant.of(new Int8GemmSpec(epilogue, ScalarType.BF16), MMA, Target.SM_80));
        }
        Int8GemmSpec residual = new Int8GemmSpec(Epilogue.RESIDUAL, ScalarType.FP32);
        variants.add(KernelVariant.of(residual, FEW, Target.SM_80));
        variants.add(KernelVariant.of(residual, WGMMA, Target.SM_90A));
        variants.add(KernelVariant.of(new Int8GemmSpec(Epilogue.BIAS, ScalarType.BF16), WGMMA, Target.SM_90A));
        return variants;
    }

    /** All arguments, checked. */
    static SignatureBuilder signature(Int8GemmSpec spec) {
        SignatureBuilder signature = SignatureBuilder.of(Int8GemmArguments.class)
                .size("m", "rows of A and D")
                .size("n", "rows of B, columns of D")
                .size("k", VECTOR, "channels")
                .condition(
                        variable("k").atMost(Int8GemmSpec.MOST_CHANNELS),
                        "the sum of {} channels may be too large for INT32",
                        variable("k"))
                .address("a", "const unsigned char*", "A", "Int8Tile")
                .address("b", "const unsigned char*", "B", "Int8Tile")
                .address("rowScales", "const float*", "A's scales", "FP32 [m]")
                .named("row_scales")
                .address("columnScales", "const float*", "B's scales", "FP32 [n]")
                .named("column_scales");
        return GemmSignature.outputs(signature, spec.epilogue(), spec.output());
    }
}
