package org.mxforge.codegen.kernel.gemm;

import java.util.ArrayList;
import java.util.List;
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
    /** On every GPU. */
    public static final Algorithm<Int8GemmSpec> MMA = new MmaInt8Gemm("mma", 128);

    /** The same in low tiles, for few tokens. */
    public static final Algorithm<Int8GemmSpec> FEW = new MmaInt8Gemm("few", 16);

    private static final List<Algorithm<Int8GemmSpec>> ALGORITHMS = List.of(MMA, FEW);

    /** Rows that a low tile has, several times over. */
    private static final int FEW_ROWS = 64;

    /** The algorithm that suits so many rows. */
    public static Algorithm<Int8GemmSpec> suiting(int rows) {
        return rows <= FEW_ROWS ? FEW : MMA;
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
        variants.add(KernelVariant.of(new Int8GemmSpec(Epilogue.RESIDUAL, ScalarType.FP32), FEW, Target.SM_80));
        return variants;
    }
}
