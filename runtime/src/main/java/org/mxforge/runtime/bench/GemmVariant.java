package org.mxforge.runtime.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.FragmentTile;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.Partition;
import org.mxforge.dsl.layout.ScaleLayout;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxExpandSpec;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.MxUnpackSpec;
import org.mxforge.dsl.spec.OperandPass;
import org.mxforge.dsl.spec.Pass;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.kernel.GemmShape;
import org.mxforge.runtime.tune.cost.GemmWork;
import org.mxforge.runtime.tune.cost.TensorRates;

/** A way to multiply, measured as a peer of its own. */
public enum GemmVariant {
    /** Packed operands, decoded to BF16 on their way: exact, on every GPU. */
    PACKED(GroupLayout.TILED, Sums.ANY, Relayout.NONE),
    /** Packed weights decoded to FP8 on their way, times folded tokens; the tensor cores keep all sums. */
    STREAMED(GroupLayout.STREAMED, Sums.NARROW, Relayout.NONE),
    /** The same, sums moved to FP32 at intervals. */
    STREAMED_PROMOTED(GroupLayout.STREAMED, Sums.PROMOTED, Relayout.NONE),
    /** Both operands folded into FP8 beforehand. */
    FOLDED(GroupLayout.FOLDED, Sums.NARROW, Relayout.NONE),
    /** The same, sums moved to FP32 at intervals. */
    FOLDED_PROMOTED(GroupLayout.FOLDED, Sums.PROMOTED, Relayout.NONE),
    /** Packed weights as of {@link #STREAMED} unpacked to FP8 by a pass of its own, then as {@link #FOLDED}; both are timed. */
    UNPACK(GroupLayout.FOLDED, Sums.NARROW, Relayout.UNPACK),
    /** The same, sums moved to FP32 at intervals. */
    UNPACK_PROMOTED(GroupLayout.FOLDED, Sums.PROMOTED, Relayout.UNPACK),
    /** Both packed operands expanded to BF16, then multiplied: exact for every format; all is timed. */
    EXPAND_EXACT(GroupLayout.EXPANDED, Sums.ANY, Relayout.EXPAND);

    /** What a run does to its operands before it multiplies. */
    enum Relayout {
        NONE,
        /** Weights in fragments become FP8 containers. */
        UNPACK,
        /** Packed operands become BF16. */
        EXPAND;

        /** The kernel that an operand of {@code format} passes through; empty if none. */
        Optional<OperandPass> of(Side side, ElementFormat format) {
            return switch (this) {
                case NONE -> Optional.empty();
                case UNPACK ->
                    side == Side.WEIGHT && FragmentTile.holds(format)
                            ? Optional.of(new MxUnpackSpec(format))
                            : Optional.empty();
                case EXPAND -> Optional.of(new MxExpandSpec(format));
            };
        }
    }

    /** Which configurations are meant. */
    private enum Sums {
        ANY(configuration -> true),
        NARROW(configuration -> configuration.get("promote") == 0),
        PROMOTED(configuration -> configuration.get("promote") > 0);

        private final Predicate<Configuration> meant;

        Sums(Predicate<Configuration> meant) {
            this.meant = meant;
        }
    }

    private final GroupLayout layout;
    private final Sums sums;
    private final Relayout pass;

    GemmVariant(GroupLayout layout, Sums sums, Relayout pass) {
        this.layout = layout;
        this.sums = sums;
        this.pass = pass;
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
                + (layout(formats).relaxed() ? "_relaxed" : "");
    }

    /** What it computes, without an epilogue, the result in BF16. */
    MxGemmSpec spec(FormatMix formats) {
        return new MxGemmSpec(formats.pairs(), layout(formats), Epilogue.NONE, ScalarType.BF16);
    }

    /** Elements without room for their scales can only be folded if that may round. */
    private GroupLayout layout(FormatMix formats) {
        boolean room = formats.pairs().stream().allMatch(FormatPair::hasRoomForScales);
        boolean folds = layout.equals(GroupLayout.FOLDED) || layout.equals(GroupLayout.STREAMED);
        return folds && !room ? layout.asRelaxed() : layout;
    }

    static GemmShape shape(FormatMix formats, int m, WeightShape weight) {
        return new GemmShape(
                m,
                weight.n(),
                formats.split(weight.k()).partitions().stream()
                        .map(Partition::channels)
                        .toList());
    }

    /** The configuration that is measured: what the tuner chooses, where it is one that is meant. */
    Configuration configuration(BenchGpu gpu, FormatMix formats, int m, WeightShape weight) {
        return gpu.choose(spec(formats), shape(formats, m, weight), sums.meant);
    }

    /** Dense multiply-adds that a multiprocessor can do in a clock on elements as this way multiplies them. */
    int multipliesPerClock(TensorRates rates) {
        return layout.equals(GroupLayout.TILED) || layout.equals(GroupLayout.EXPANDED) ? rates.bf16() : rates.fp8();
    }

    /** Every kernel that {@link #setUp} needs. */
    List<KernelVariant> kernels(BenchGpu gpu, FormatMix formats, int m, WeightShape weight) {
        MxGemmSpec spec = spec(formats);
        Stream<KernelVariant> passes = Stream.of(Side.values())
                .flatMap(side -> formats.pairs().stream().map(pair -> pass.of(side, side.format(pair))))
                .flatMap(Optional::stream)
                .distinct()
                .map(kernel -> KernelVariant.of(kernel, gpu.target()));
        KernelVariant gemm = new KernelVariant(spec, gpu.target(), configuration(gpu, formats, m, weight));
        return Stream.concat(Stream.of(gemm), passes).toList();
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
                gpu.device().operands(spec, given(spec), passes(formats), shape, copies),
                gpu.kernel(spec, configuration(gpu, formats, m, weight)),
                work);
    }

    private List<Pass> passes(FormatMix formats) {
        List<Pass> passes = new ArrayList<>();
        for (int i = 0; i < formats.pairs().size(); i++) {
            for (Side side : Side.values()) {
                int partition = i;
                pass.of(side, side.format(formats.pairs().get(i)))
                        .ifPresent(kernel -> passes.add(new Pass(side, partition, kernel)));
            }
        }
        return passes;
    }

    /** How operands lie before the passes. */
    private GroupLayout given(MxGemmSpec spec) {
        return switch (pass) {
            case NONE -> spec.groups();
            case UNPACK -> spec.groups().withScales(ScaleLayout.STREAMED);
            case EXPAND -> GroupLayout.TILED;
        };
    }
}
