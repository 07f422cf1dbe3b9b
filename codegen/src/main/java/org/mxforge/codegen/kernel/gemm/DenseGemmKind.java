package org.mxforge.codegen.kernel.gemm;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
    /** On every GPU. */
    public static final Algorithm<DenseGemmSpec> MMA = new MmaDenseGemm();

    /** On the tensor cores of sm_90a, of operands in tiles. */
    public static final Algorithm<DenseGemmSpec> WGMMA = new WgmmaDenseGemm();

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
        if (!(shape instanceof GemmShape size) || size.k().size() != 1) {
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
}
