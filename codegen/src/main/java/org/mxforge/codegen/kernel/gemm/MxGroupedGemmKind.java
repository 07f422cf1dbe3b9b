package org.mxforge.codegen.kernel.gemm;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.MxGroupedGemmArguments;
import org.mxforge.dsl.layout.ExpertTiles;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.shape.GemmWork;
import org.mxforge.dsl.shape.GroupedShape;
import org.mxforge.dsl.shape.GroupedWork;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.shape.Work;
import org.mxforge.dsl.spec.Algorithm;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.KernelRole;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.MxGroupedGemmSpec;
import org.mxforge.dsl.spec.SpecText;
import org.mxforge.dsl.spec.TunedKind;
import org.mxforge.dsl.target.Target;

/** The mixed-precision GEMMs of all experts of a layer; the CPU runs one expert after the other. */
public final class MxGroupedGemmKind implements TunedKind<MxGroupedGemmSpec> {
    /** FP8 tensor cores; weights in E2M1 and E3M2 stay packed and are decoded in registers. */
    public static final Algorithm<MxGroupedGemmSpec> WGMMA_FRAGMENTS =
            new WgmmaGemm<>(Product.GROUPED, OperandLayout.FRAGMENTS);

    /** The same operands for few tokens. */
    public static final Algorithm<MxGroupedGemmSpec> STREAM_FRAGMENTS =
            new StreamGemm<>(Product.GROUPED, OperandLayout.FRAGMENTS);

    /** The same where elements that fill their containers are multiplied by BF16 tensor cores: exact beside others in FP8. */
    public static final Algorithm<MxGroupedGemmSpec> WGMMA_MIXED_FRAGMENTS =
            new WgmmaGemm<>(Product.GROUPED, OperandLayout.MIXED_FRAGMENTS);

    /** The same operands for few tokens. */
    public static final Algorithm<MxGroupedGemmSpec> STREAM_MIXED_FRAGMENTS =
            new StreamGemm<>(Product.GROUPED, OperandLayout.MIXED_FRAGMENTS);

    /** FP8 tensor cores; both operands folded into FP8 containers. */
    public static final Algorithm<MxGroupedGemmSpec> WGMMA_CONTAINERS =
            new WgmmaGemm<>(Product.GROUPED, OperandLayout.CONTAINERS);

    /** The same operands for few tokens. */
    public static final Algorithm<MxGroupedGemmSpec> STREAM_CONTAINERS =
            new StreamGemm<>(Product.GROUPED, OperandLayout.CONTAINERS);

    /** BF16 tensor cores on operands that were expanded before. */
    public static final Algorithm<MxGroupedGemmSpec> WGMMA_BF16 = new WgmmaGemm<>(Product.GROUPED, OperandLayout.BF16);

    /** Packed operands expanded to BF16 by passes: exact for every format. */
    public static final Algorithm<MxGroupedGemmSpec> EXPAND_WGMMA =
            new TwoPassGemm<>("expand_wgmma", Product.GROUPED, OperandLayout.TILED, WGMMA_BF16);

    /** Packed operands and their scales on the tensor cores of sm_120a. */
    public static final Algorithm<MxGroupedGemmSpec> MMA_SCALED = new ScaledMmaGemm<>(Product.GROUPED);

    /** Packed operands on every GPU. */
    public static final Algorithm<MxGroupedGemmSpec> MMA = new MmaGemm<>("mma", Product.GROUPED, OperandLayout.TILED);

    /** The same with scales in rows. */
    public static final Algorithm<MxGroupedGemmSpec> MMA_ROWS =
            new MmaGemm<>("mma_rows", Product.GROUPED, OperandLayout.ROWS);

    private static final List<Algorithm<MxGroupedGemmSpec>> ALGORITHMS = List.of(
            WGMMA_FRAGMENTS,
            STREAM_FRAGMENTS,
            WGMMA_MIXED_FRAGMENTS,
            STREAM_MIXED_FRAGMENTS,
            WGMMA_CONTAINERS,
            STREAM_CONTAINERS,
            MMA_SCALED,
            MMA,
            EXPAND_WGMMA,
            WGMMA_BF16,
            MMA_ROWS);

    @Override
    public String stem() {
        return MxGroupedGemmSpec.STEM;
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
    public Class<MxGroupedGemmSpec> specs() {
        return MxGroupedGemmSpec.class;
    }

    @Override
    public Class<MxGroupedGemmArguments> arguments() {
        return MxGroupedGemmArguments.class;
    }

    @Override
    public Class<GroupedShape> shapes() {
        return GroupedShape.class;
    }

    @Override
    public Optional<Work> work(MxGroupedGemmSpec spec, OperandLayout layout, KernelShape shape) {
        if (!(shape instanceof GroupedShape size)
                || size.k().size() != spec.expert().pairs().size()
                || !spec.expert().groups().cuts(size.k())
                || size.n() % spec.expert().epilogue().rowMultiple() != 0) {
            return Optional.empty();
        }
        List<GemmWork> experts = size.spread().stream()
                .filter(tokens -> tokens > 0)
                .map(tokens -> expert(spec, size, tokens))
                .toList();
        return Optional.of(new GroupedWork(expert(spec, size, size.m()), experts));
    }

    private static GemmWork expert(MxGroupedGemmSpec spec, GroupedShape size, int tokens) {
        return ProductWork.of(spec.expert(), new GemmShape(tokens, size.n(), size.k()));
    }

    @Override
    public MxGroupedGemmSpec read(SpecText fields) {
        return MxGroupedGemmSpec.read(fields);
    }

    @Override
    public List<Algorithm<MxGroupedGemmSpec>> algorithms() {
        return ALGORITHMS;
    }

    /** Experts in FP4 and in MicroMix's mixed split: their two products of the input, and the one of the output; and for few tokens. */
    @Override
    public List<KernelVariant> catalogue() {
        List<KernelVariant> variants = new ArrayList<>();
        for (List<FormatPair> pairs : List.of(FormatMixes.pairs("e2m1xe2m1"), FormatMixes.MICROMIX_W4)) {
            for (Epilogue epilogue : List.of(Epilogue.NONE, Epilogue.SILU_MUL)) {
                MxGroupedGemmSpec spec = new MxGroupedGemmSpec(MxGemmSpec.exact(pairs, epilogue, ScalarType.BF16));
                variants.add(KernelVariant.of(spec, MMA, Target.SM_80));
            }
        }
        MxGemmSpec expert = MxGemmSpec.exact(FormatMixes.pairs("e2m1xe2m1"), Epilogue.NONE, ScalarType.BF16);
        variants.add(KernelVariant.of(new MxGroupedGemmSpec(expert, ExpertTiles.FEW), MMA, Target.SM_80));
        variants.add(KernelVariant.of(new MxGroupedGemmSpec(expert, ExpertTiles.FEW), MMA_SCALED, Target.SM_120A));
        return variants;
    }
}
