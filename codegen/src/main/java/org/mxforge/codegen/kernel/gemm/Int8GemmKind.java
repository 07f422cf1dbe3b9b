package org.mxforge.codegen.kernel.gemm;

import static org.mxforge.dsl.space.Expression.variable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.Int8GemmArguments;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.shape.GemmWork;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.shape.Work;
import org.mxforge.dsl.spec.Algorithm;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.Int8GemmSpec;
import org.mxforge.dsl.spec.KernelRole;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.SpecText;
import org.mxforge.dsl.spec.TunedKind;
import org.mxforge.dsl.target.Target;

/** GEMMs on INT8 operands, the baseline beside MX formats; on the CPU it is plain Java, not a kernel. */
public final class Int8GemmKind implements TunedKind<Int8GemmSpec> {
    /** Channels in 16 bytes: rows of operands end on whole pieces of a tile. */
    private static final int VECTOR = 16;

    /** Rows that a low tile has, several times over: up to so many run in low tiles where nothing was measured. */
    private static final int FEW_ROWS = 64;

    /** On the tensor cores of sm_90a. */
    public static final Algorithm<Int8GemmSpec> WGMMA = new WgmmaPlainGemm<>(PlainProduct.INT8);

    /** On every GPU. */
    public static final Algorithm<Int8GemmSpec> MMA = new MmaPlainGemm<>("mma", PlainProduct.INT8, false);

    /** The same in small tiles, for few tokens. */
    public static final Algorithm<Int8GemmSpec> FEW = new MmaPlainGemm<>("few", PlainProduct.INT8, true);

    private static final List<Algorithm<Int8GemmSpec>> ALGORITHMS = List.of(WGMMA, MMA, FEW);

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
    public Class<GemmShape> shapes() {
        return GemmShape.class;
    }

    @Override
    public Optional<Work> work(Int8GemmSpec spec, OperandLayout layout, KernelShape shape) {
        if (!(shape instanceof GemmShape size)
                || size.k().size() != 1
                || size.channels() % VECTOR != 0
                || size.channels() > Int8GemmSpec.MOST_CHANNELS
                || size.n() % spec.epilogue().rowMultiple() != 0) {
            return Optional.empty();
        }
        List<GemmWork.Part> parts = List.of(GemmWork.Part.integers(size.channels()));
        return Optional.of(ProductWork.of(size, parts, spec.epilogue(), spec.output()));
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

    /** Whether {@code shape} has more rows than low tiles are for. */
    static boolean hasManyRows(KernelShape shape) {
        return shape.m() > FEW_ROWS;
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
