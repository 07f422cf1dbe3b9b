package org.mxforge.codegen.kernel.gemm;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.DenseGemmArguments;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.shape.GemmWork;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.shape.Work;
import org.mxforge.dsl.spec.Algorithm;
import org.mxforge.dsl.spec.DenseGemmSpec;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.KernelRole;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.SpecText;
import org.mxforge.dsl.spec.TunedKind;
import org.mxforge.dsl.target.Target;

/** GEMMs on plain operands, for what stays unquantized. */
public final class DenseGemmKind implements TunedKind<DenseGemmSpec> {
    /** BF16 values in 16 bytes: rows of plain operands start on whole vectors. */
    private static final int VECTOR = 8;

    /** On every GPU. */
    public static final Algorithm<DenseGemmSpec> MMA = new MmaPlainGemm<>("mma", PlainProduct.BF16, false);

    /** On the tensor cores of sm_90a, of operands in tiles. */
    public static final Algorithm<DenseGemmSpec> WGMMA = new WgmmaPlainGemm<>(PlainProduct.BF16);

    /** On the CPU. */
    public static final Algorithm<DenseGemmSpec> PANELS = PanelGemm.DENSE;

    private static final List<Algorithm<DenseGemmSpec>> ALGORITHMS = List.of(MMA, WGMMA, PANELS);

    @Override
    public String stem() {
        return DenseGemmSpec.STEM;
    }

    @Override
    public KernelRole role() {
        return KernelRole.GEMM;
    }

    @Override
    public Class<DenseGemmSpec> specs() {
        return DenseGemmSpec.class;
    }

    @Override
    public Class<DenseGemmArguments> arguments() {
        return DenseGemmArguments.class;
    }

    @Override
    public Class<GemmShape> shapes() {
        return GemmShape.class;
    }

    @Override
    public Optional<Work> work(DenseGemmSpec spec, OperandLayout layout, KernelShape shape) {
        if (!(shape instanceof GemmShape size)
                || size.k().size() != 1
                || size.n() % spec.epilogue().rowMultiple() != 0) {
            return Optional.empty();
        }
        List<GemmWork.Part> parts = List.of(GemmWork.Part.plain(size.channels()));
        return Optional.of(ProductWork.of(size, parts, spec.epilogue(), spec.output()));
    }

    @Override
    public DenseGemmSpec read(SpecText fields) {
        return DenseGemmSpec.read(fields);
    }

    @Override
    public List<Algorithm<DenseGemmSpec>> algorithms() {
        return ALGORITHMS;
    }

    @Override
    public List<KernelVariant> catalogue() {
        List<KernelVariant> variants = new ArrayList<>();
        for (Epilogue epilogue : Epilogue.values()) {
            variants.add(KernelVariant.of(new DenseGemmSpec(epilogue, ScalarType.BF16), MMA, Target.SM_80));
        }
        DenseGemmSpec wide = new DenseGemmSpec(Epilogue.NONE, ScalarType.FP32);
        variants.add(KernelVariant.of(wide, MMA, Target.SM_80));
        variants.add(KernelVariant.of(wide, WGMMA, Target.SM_90A));
        variants.add(KernelVariant.of(new DenseGemmSpec(Epilogue.RESIDUAL, ScalarType.FP32), WGMMA, Target.SM_90A));
        variants.add(KernelVariant.of(new DenseGemmSpec(Epilogue.NONE, ScalarType.BF16), WGMMA, Target.SM_90A));
        variants.add(KernelVariant.of(wide, PANELS, Target.CPU));
        return variants;
    }

    /** The arguments of kernels that read operands row by row. */
    static SignatureBuilder rowArguments(DenseGemmSpec spec) {
        SignatureBuilder signature = sizes().size("k", VECTOR, "channels")
                .address("a", "const unsigned short*", "A", "BF16 [m][k]")
                .address("b", "const unsigned short*", "B", "BF16 [n][k]");
        return GemmSignature.outputs(signature, spec.epilogue(), spec.output());
    }

    /** The arguments of kernels that read operands in tiles. */
    static SignatureBuilder tileArguments(DenseGemmSpec spec) {
        SignatureBuilder signature = sizes().size("k", "channels")
                .address("a", "const unsigned char*", "A", "Bf16Tile")
                .address("b", "const unsigned char*", "B", "Bf16Tile");
        return GemmSignature.outputs(signature, spec.epilogue(), spec.output());
    }

    private static SignatureBuilder sizes() {
        return SignatureBuilder.of(DenseGemmArguments.class)
                .size("m", "rows of A and D")
                .size("n", "rows of B, columns of D");
    }
}
