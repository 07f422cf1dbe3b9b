package org.mxforge.runtime.bench;

import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.mxforge.codegen.kernel.gemm.MxGemmKind;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.layout.Partition;
import org.mxforge.dsl.spec.Algorithm;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.Pass;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.spec.Tolerance;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.WgmmaTiling;
import org.mxforge.runtime.kernel.GemmShape;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.tune.cost.GemmWork;
import org.mxforge.runtime.tune.cost.TensorRates;

/** A way to multiply, measured as a peer of its own. */
public enum GemmVariant {
    /** Packed operands, decoded to BF16 on their way: exact, on every GPU. */
    PACKED(MxGemmKind.MMA, Sums.ANY),
    /** Packed weights decoded to FP8 on their way, times folded tokens; the tensor cores keep all sums. */
    STREAMED(MxGemmKind.WGMMA_FRAGMENTS, Sums.NARROW),
    /** The same, sums moved to FP32 at intervals. */
    STREAMED_PROMOTED(MxGemmKind.WGMMA_FRAGMENTS, Sums.PROMOTED),
    /** Both operands folded into FP8 beforehand. */
    FOLDED(MxGemmKind.WGMMA_CONTAINERS, Sums.NARROW),
    /** The same, sums moved to FP32 at intervals. */
    FOLDED_PROMOTED(MxGemmKind.WGMMA_CONTAINERS, Sums.PROMOTED),
    /** Packed weights as of {@link #STREAMED} unpacked to FP8 by a pass of its own, then as {@link #FOLDED}; both are timed. */
    UNPACK(MxGemmKind.UNPACK_WGMMA, Sums.NARROW),
    /** The same, sums moved to FP32 at intervals. */
    UNPACK_PROMOTED(MxGemmKind.UNPACK_WGMMA, Sums.PROMOTED),
    /** Both packed operands expanded to BF16, then multiplied: exact for every format; all is timed. */
    EXPAND_EXACT(MxGemmKind.EXPAND_WGMMA, Sums.ANY);

    /** Which variants are meant. */
    private enum Sums {
        ANY(promoted -> true),
        NARROW(promoted -> !promoted),
        PROMOTED(promoted -> promoted);

        private final Predicate<Boolean> meant;

        Sums(Predicate<Boolean> meant) {
            this.meant = meant;
        }

        boolean meant(KernelVariant variant) {
            return meant.test(variant.tiling() instanceof WgmmaTiling tiling && tiling.promotion() > 0);
        }
    }

    private final Algorithm<MxGemmSpec> algorithm;
    private final Sums sums;

    GemmVariant(Algorithm<MxGemmSpec> algorithm, Sums sums) {
        this.algorithm = algorithm;
        this.sums = sums;
    }

    /** Those that {@code target} has. */
    public static List<GemmVariant> of(Target target) {
        return Stream.of(values())
                .filter(variant -> target == Target.SM_90A || variant == PACKED)
                .toList();
    }

    /** The one that is looked at where one must do: what models run, where the scales of their layers may be folded. */
    static GemmVariant usual(Target target) {
        return target == Target.SM_90A ? STREAMED_PROMOTED : PACKED;
    }

    /** What it is called among the peers, such as {@code mxforge_e4m3xe2m1_streamed_relaxed}. */
    String peer(FormatMix formats) {
        return "mxforge_" + formats.text() + "_" + name().toLowerCase(Locale.ROOT)
                + (spec(formats).tolerance().rounds() ? "_relaxed" : "");
    }

    /** What it computes, without an epilogue, the result in BF16; elements without room for their scales can only be folded rounded. */
    MxGemmSpec spec(FormatMix formats) {
        boolean room = formats.pairs().stream().allMatch(FormatPair::hasRoomForScales);
        return MxGemmSpec.exact(formats.pairs(), Epilogue.NONE, ScalarType.BF16)
                .with(multipliesFp8() && !room ? Tolerance.WITHIN_4 : Tolerance.EXACT);
    }

    private boolean multipliesFp8() {
        OperandLayout weights = algorithm.kernel().layout(Side.WEIGHT);
        return weights == OperandLayout.CONTAINERS || weights == OperandLayout.FRAGMENTS;
    }

    /** What the tuner is asked: the kernel behind the passes. */
    KernelProblem problem(FormatMix formats) {
        return new KernelProblem(spec(formats), algorithm.kernel().layout(Side.WEIGHT));
    }

    static GemmShape shape(FormatMix formats, int m, WeightShape weight) {
        return new GemmShape(
                m,
                weight.n(),
                formats.split(weight.k()).partitions().stream()
                        .map(Partition::channels)
                        .toList());
    }

    /** The variant that is measured: what the tuner chooses, where it is one that is meant. */
    KernelVariant variant(BenchGpu gpu, FormatMix formats, int m, WeightShape weight) {
        return gpu.choose(problem(formats), shape(formats, m, weight), sums::meant);
    }

    /** Dense multiply-adds that a multiprocessor can do in a clock on elements as this way multiplies them. */
    int multipliesPerClock(TensorRates rates) {
        return multipliesFp8() ? rates.fp8() : rates.bf16();
    }

    /** Every kernel that {@link #setUp} needs. */
    List<KernelVariant> kernels(BenchGpu gpu, FormatMix formats, int m, WeightShape weight) {
        Stream<KernelVariant> passes = algorithm.passes(spec(formats)).stream()
                .map(Pass::spec)
                .distinct()
                .map(kernel -> KernelVariant.of(kernel, gpu.target()));
        return Stream.concat(Stream.of(variant(gpu, formats, m, weight)), passes)
                .toList();
    }

    /**
     * Operands of this shape in GPU memory, with whatever this way needs beside them.
     *
     * @param formats what is multiplied
     * @param m tokens
     * @throws IllegalArgumentException if it cannot take this shape or these formats
     */
    BenchKernel setUp(BenchGpu gpu, FormatMix formats, int m, WeightShape weight) {
        MxGemmSpec spec = spec(formats);
        GemmShape shape = shape(formats, m, weight);
        GemmWork work = GemmWork.of(spec, shape).orElseThrow();
        double written = (double) m * weight.n() * spec.output().bytes();
        int copies = BenchGpu.copies(work.bytes() - written);
        return new TimedKernel(
                gpu.device().operands(spec, algorithm, shape, copies),
                gpu.kernel(variant(gpu, formats, m, weight)),
                work);
    }
}
