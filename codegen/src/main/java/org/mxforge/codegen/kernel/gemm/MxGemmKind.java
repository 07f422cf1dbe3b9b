package org.mxforge.codegen.kernel.gemm;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.MxGemmArguments;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.shape.Work;
import org.mxforge.dsl.spec.Algorithm;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.KernelRole;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.SpecText;
import org.mxforge.dsl.spec.Tolerance;
import org.mxforge.dsl.spec.TunedKind;
import org.mxforge.dsl.target.Target;

/** Mixed-precision microscaling GEMMs: on the tensor cores of sm_90a and of sm_120a, portably on all GPUs, and on the CPU. */
public final class MxGemmKind implements TunedKind<MxGemmSpec> {
    /** FP8 tensor cores; weights in E2M1 and E3M2 stay packed and are decoded in registers. */
    public static final Algorithm<MxGemmSpec> WGMMA_FRAGMENTS = new WgmmaGemm<>(Product.PLAIN, OperandLayout.FRAGMENTS);

    /** The same operands for few tokens. */
    public static final Algorithm<MxGemmSpec> STREAM_FRAGMENTS =
            new StreamGemm<>(Product.PLAIN, OperandLayout.FRAGMENTS);

    /** The same on wgmma. */
    public static final Algorithm<MxGemmSpec> RING_FRAGMENTS = new RingGemm(OperandLayout.FRAGMENTS);

    /** The same where elements that fill their containers are multiplied by BF16 tensor cores: exact beside others in FP8. */
    public static final Algorithm<MxGemmSpec> WGMMA_MIXED_FRAGMENTS =
            new WgmmaGemm<>(Product.PLAIN, OperandLayout.MIXED_FRAGMENTS);

    /** The same operands for few tokens. */
    public static final Algorithm<MxGemmSpec> STREAM_MIXED_FRAGMENTS =
            new StreamGemm<>(Product.PLAIN, OperandLayout.MIXED_FRAGMENTS);

    /** The same on wgmma. */
    public static final Algorithm<MxGemmSpec> RING_MIXED_FRAGMENTS = new RingGemm(OperandLayout.MIXED_FRAGMENTS);

    /** FP8 tensor cores; both operands folded into FP8 containers. */
    public static final Algorithm<MxGemmSpec> WGMMA_CONTAINERS =
            new WgmmaGemm<>(Product.PLAIN, OperandLayout.CONTAINERS);

    /** The same operands for few tokens. */
    public static final Algorithm<MxGemmSpec> STREAM_CONTAINERS =
            new StreamGemm<>(Product.PLAIN, OperandLayout.CONTAINERS);

    /** The same on wgmma. */
    public static final Algorithm<MxGemmSpec> RING_CONTAINERS = new RingGemm(OperandLayout.CONTAINERS);

    /** Packed weights unpacked to FP8 by passes of their own. */
    public static final Algorithm<MxGemmSpec> UNPACK_WGMMA =
            new TwoPassGemm<>("unpack_wgmma", Product.PLAIN, OperandLayout.FRAGMENTS, WGMMA_CONTAINERS);

    /** FP8 and BF16 tensor cores; both operands in tiles of one or the other. */
    public static final Algorithm<MxGemmSpec> WGMMA_MIXED = new WgmmaGemm<>(Product.PLAIN, OperandLayout.MIXED);

    /** Packed weights unpacked to these by passes of their own. */
    public static final Algorithm<MxGemmSpec> UNPACK_MIXED_WGMMA =
            new TwoPassGemm<>("unpack_mixed_wgmma", Product.PLAIN, OperandLayout.MIXED_FRAGMENTS, WGMMA_MIXED);

    /** BF16 tensor cores on operands that were expanded before. */
    public static final Algorithm<MxGemmSpec> WGMMA_BF16 = new WgmmaGemm<>(Product.PLAIN, OperandLayout.BF16);

    /** Packed operands expanded to BF16 by passes: exact for every format. */
    public static final Algorithm<MxGemmSpec> EXPAND_WGMMA =
            new TwoPassGemm<>("expand_wgmma", Product.PLAIN, OperandLayout.TILED, WGMMA_BF16);

    /** Packed operands and their scales on the tensor cores of sm_120a. */
    public static final Algorithm<MxGemmSpec> MMA_SCALED = new ScaledMmaGemm<>(Product.PLAIN);

    /** Packed operands on every GPU. */
    public static final Algorithm<MxGemmSpec> MMA = new MmaGemm<>("mma", Product.PLAIN, OperandLayout.TILED);

    /** The same with scales in rows. */
    public static final Algorithm<MxGemmSpec> MMA_ROWS = new MmaGemm<>("mma_rows", Product.PLAIN, OperandLayout.ROWS);

    /** On the CPU. */
    public static final Algorithm<MxGemmSpec> PANELS = PanelGemm.MX;

    private static final List<Algorithm<MxGemmSpec>> ALGORITHMS = List.of(
            WGMMA_FRAGMENTS,
            STREAM_FRAGMENTS,
            RING_FRAGMENTS,
            WGMMA_MIXED_FRAGMENTS,
            STREAM_MIXED_FRAGMENTS,
            RING_MIXED_FRAGMENTS,
            UNPACK_WGMMA,
            UNPACK_MIXED_WGMMA,
            WGMMA_CONTAINERS,
            STREAM_CONTAINERS,
            RING_CONTAINERS,
            WGMMA_MIXED,
            MMA_SCALED,
            MMA,
            EXPAND_WGMMA,
            WGMMA_BF16,
            MMA_ROWS,
            PANELS);

    @Override
    public String stem() {
        return MxGemmSpec.STEM;
    }

    @Override
    public KernelRole role() {
        return KernelRole.GEMM;
    }

    @Override
    public int version() {
        return MxGemmSpec.VERSION;
    }

    @Override
    public Class<MxGemmSpec> specs() {
        return MxGemmSpec.class;
    }

    @Override
    public Class<MxGemmArguments> arguments() {
        return MxGemmArguments.class;
    }

    @Override
    public Class<GemmShape> shapes() {
        return GemmShape.class;
    }

    @Override
    public Optional<Work> work(MxGemmSpec spec, OperandLayout layout, KernelShape shape) {
        return shape instanceof GemmShape size
                        && size.k().size() == spec.pairs().size()
                        && spec.groups().cuts(size.k())
                        && size.n() % spec.epilogue().rowMultiple() == 0
                ? Optional.of(ProductWork.of(spec, size))
                : Optional.empty();
    }

    @Override
    public MxGemmSpec read(SpecText fields) {
        return MxGemmSpec.read(fields);
    }

    @Override
    public List<Algorithm<MxGemmSpec>> algorithms() {
        return ALGORITHMS;
    }

    /** All 25 pairs alone and the mixed splits, then the epilogues and outputs on one of them. */
    @Override
    public List<KernelVariant> catalogue() {
        List<KernelVariant> variants = new ArrayList<>();
        specs(ScalarType.BF16).forEach(spec -> variants.add(KernelVariant.of(spec, MMA, Target.SM_80)));
        for (ScalarType output : List.of(ScalarType.FP16, ScalarType.FP32)) {
            variants.add(KernelVariant.of(
                    MxGemmSpec.exact(FormatMixes.MICROMIX_W4, Epilogue.NONE, output), MMA, Target.SM_80));
        }
        specs(ScalarType.FP32).forEach(spec -> variants.add(KernelVariant.of(spec, PANELS, Target.CPU)));
        variants.add(wgmma(WGMMA_FRAGMENTS, FormatMixes.pairs("e2m1xe2m1"), Epilogue.NONE, Tolerance.EXACT));
        variants.add(wgmma(WGMMA_FRAGMENTS, FormatMixes.pairs("e3m2xe3m2"), Epilogue.NONE, Tolerance.EXACT));
        variants.add(wgmma(WGMMA_CONTAINERS, FormatMixes.pairs("e2m3xe2m3"), Epilogue.NONE, Tolerance.EXACT));
        variants.add(wgmma(WGMMA_CONTAINERS, FormatMixes.pairs("e4m3xe4m3"), Epilogue.NONE, Tolerance.WITHIN_4));
        variants.add(wgmma(WGMMA_BF16, FormatMixes.MICROMIX_MATCHED, Epilogue.NONE, Tolerance.EXACT));
        variants.add(wgmma(WGMMA_MIXED_FRAGMENTS, FormatMixes.MICROMIX_MATCHED, Epilogue.NONE, Tolerance.EXACT));
        variants.add(wgmma(STREAM_MIXED_FRAGMENTS, FormatMixes.MICROMIX_MATCHED, Epilogue.NONE, Tolerance.EXACT));
        variants.add(wgmma(STREAM_MIXED_FRAGMENTS, FormatMixes.MICROMIX_MATCHED, Epilogue.SWIGLU, Tolerance.EXACT));
        variants.add(wgmma(WGMMA_MIXED, FormatMixes.MICROMIX_MATCHED, Epilogue.SWIGLU, Tolerance.EXACT));
        variants.add(wgmma(RING_FRAGMENTS, FormatMixes.pairs("e2m1xe2m1"), Epilogue.RESIDUAL, Tolerance.EXACT));
        variants.add(wgmma(RING_MIXED_FRAGMENTS, FormatMixes.MICROMIX_MATCHED, Epilogue.NONE, Tolerance.EXACT));
        for (Epilogue epilogue : Epilogue.values()) {
            variants.add(wgmma(WGMMA_FRAGMENTS, FormatMixes.MICROMIX_MATCHED, epilogue, Tolerance.WITHIN_4));
        }
        FormatMixes.scaled().forEach(pairs -> variants.add(scaled(pairs, Epilogue.NONE, ScalarType.BF16)));
        variants.add(scaled(FormatMixes.MICROMIX_W4, Epilogue.NONE, ScalarType.FP32));
        for (Epilogue epilogue : List.of(Epilogue.BIAS, Epilogue.RESIDUAL, Epilogue.SILU_MUL, Epilogue.SWIGLU)) {
            variants.add(scaled(FormatMixes.MICROMIX_MATCHED, epilogue, ScalarType.BF16));
        }
        return variants;
    }

    private static KernelVariant scaled(List<FormatPair> pairs, Epilogue epilogue, ScalarType output) {
        return KernelVariant.of(MxGemmSpec.exact(pairs, epilogue, output), MMA_SCALED, Target.SM_120A);
    }

    private static KernelVariant wgmma(
            Algorithm<MxGemmSpec> algorithm, List<FormatPair> pairs, Epilogue epilogue, Tolerance tolerance) {
        return KernelVariant.of(
                MxGemmSpec.exact(pairs, epilogue, ScalarType.BF16).with(tolerance), algorithm, Target.SM_90A);
    }

    private static List<MxGemmSpec> specs(ScalarType output) {
        List<MxGemmSpec> specs = new ArrayList<>();
        for (FormatPair pair : FormatPair.all()) {
            specs.add(MxGemmSpec.exact(List.of(pair), Epilogue.NONE, output));
        }
        for (List<FormatPair> mixed : FormatMixes.mixed()) {
            specs.add(MxGemmSpec.exact(mixed, Epilogue.NONE, output));
        }
        for (Epilogue epilogue : List.of(Epilogue.BIAS, Epilogue.RESIDUAL, Epilogue.SILU_MUL, Epilogue.SWIGLU)) {
            specs.add(MxGemmSpec.exact(FormatMixes.MICROMIX_W4, epilogue, output));
        }
        return specs;
    }
}
