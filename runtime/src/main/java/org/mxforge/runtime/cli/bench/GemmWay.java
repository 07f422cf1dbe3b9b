package org.mxforge.runtime.cli.bench;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.layout.Partition;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.shape.Work;
import org.mxforge.dsl.spec.Algorithm;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.KernelKinds;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.Pass;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.spec.Tolerance;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.WgmmaTiling;
import org.mxforge.runtime.kernel.KernelProblem;

/**
 * A way to multiply, measured as a peer of its own: an algorithm and, where its tensor cores keep narrow sums, whether these are
 * promoted to FP32 at intervals.
 *
 * @param algorithm how
 * @param promoted whether only variants that promote their sums are meant, or only those that do not
 */
record GemmWay(Algorithm<KernelSpec> algorithm, boolean promoted) {
    private static final String PROMOTED = "_promoted";

    /** Operands as models keep them. */
    private static final List<OperandLayout> KEPT = List.of(
            OperandLayout.TILED, OperandLayout.FRAGMENTS, OperandLayout.MIXED_FRAGMENTS, OperandLayout.CONTAINERS);

    /** Specs of the kind for which together all algorithms of a GPU hold: one with room for scales everywhere, one in a part only. */
    private static final List<MxGemmSpec> SPECS = Stream.of(
                    List.of(FormatPair.parse("e2m1xe2m1")),
                    List.of(FormatPair.parse("e2m1xe2m1"), FormatPair.parse("e4m3xe4m3")))
            .map(pairs -> MxGemmSpec.exact(pairs, Epilogue.NONE, ScalarType.BF16))
            .toList();

    /** Those that {@code target} has. */
    static List<GemmWay> of(Target target) {
        Set<GemmWay> ways = new LinkedHashSet<>();
        for (MxGemmSpec spec : SPECS) {
            for (Algorithm<KernelSpec> algorithm : KernelKinds.algorithms(spec, target)) {
                if (KEPT.contains(algorithm.layout(Side.WEIGHT))) {
                    ways.add(new GemmWay(algorithm, false));
                    if (variants(algorithm, spec, target).anyMatch(GemmWay::promotes)) {
                        ways.add(new GemmWay(algorithm, true));
                    }
                }
            }
        }
        return List.copyOf(ways);
    }

    /** Those that {@code target} has for products of {@code formats}. */
    static List<GemmWay> of(Target target, FormatMix formats) {
        return of(target).stream()
                .filter(way -> way.algorithm.refusal(way.spec(formats), target).isEmpty())
                .toList();
    }

    /**
     * The one of {@code target} with this {@link #name}.
     *
     * @throws IllegalArgumentException naming those there are
     */
    static GemmWay parse(String name, Target target) {
        return of(target).stream()
                .filter(way -> way.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown way to multiply '" + name + "' on "
                        + target.text() + ": use one of "
                        + of(target).stream().map(GemmWay::name).collect(Collectors.joining(", "))));
    }

    /** The one that is looked at where one must do: what models run, where the scales of their layers may be folded. */
    static GemmWay usual(Target target) {
        List<GemmWay> ways = of(target);
        return ways.stream().filter(GemmWay::promoted).findFirst().orElse(ways.get(0));
    }

    private static Stream<KernelVariant> variants(Algorithm<KernelSpec> algorithm, KernelSpec spec, Target target) {
        return algorithm.space(spec, target).legal().stream()
                .map(configuration -> KernelVariant.of(spec, algorithm, target, configuration));
    }

    private static boolean promotes(KernelVariant variant) {
        return variant.tiling() instanceof WgmmaTiling tiling && tiling.promotion() > 0;
    }

    /** The algorithm's name, and by its end whether sums are promoted. */
    String name() {
        return algorithm.name() + (promoted ? PROMOTED : "");
    }

    /** What it is called among the peers, such as {@code mxforge_e4m3xe2m1_wgmma_fragments_within4}. */
    String peer(FormatMix formats) {
        Tolerance tolerance = spec(formats).tolerance();
        return "mxforge_" + formats.text() + "_" + name() + (tolerance.rounds() ? "_" + tolerance.text() : "");
    }

    /** Whether weights are kept packed and decoded for FP8 tensor cores. */
    boolean readsFragments() {
        return algorithm.layout(Side.WEIGHT).keepsFragments(ElementFormat.E2M1);
    }

    /** What it computes, without an epilogue, the result in BF16; elements without room for their scales can only be folded rounded. */
    MxGemmSpec spec(FormatMix formats) {
        OperandLayout weights = algorithm.kernel().layout(Side.WEIGHT);
        boolean rounds = weights.isFolded()
                && formats.pairs().stream()
                        .anyMatch(pair -> !pair.hasRoomForScales() && !weights.widens(pair.weight()));
        return MxGemmSpec.exact(formats.pairs(), Epilogue.NONE, ScalarType.BF16)
                .with(rounds ? Tolerance.WITHIN_4 : Tolerance.EXACT);
    }

    /** Width of the elements that tensor cores multiply, of the narrower ones where there are two. */
    int elementBits() {
        OperandLayout weights = algorithm.kernel().layout(Side.WEIGHT);
        return weights.isFolded() && !weights.widens(ElementFormat.E2M1) ? 8 : 16;
    }

    static GemmShape shape(FormatMix formats, int m, WeightShape weight) {
        return new GemmShape(
                m,
                weight.n(),
                formats.split(weight.k()).partitions().stream()
                        .map(Partition::channels)
                        .toList());
    }

    /** The problem whose algorithms this is one of. */
    KernelProblem problem(FormatMix formats) {
        return new KernelProblem(spec(formats), algorithm.layout(Side.WEIGHT));
    }

    /** The variant that is measured: what the tuner chooses for the kernel, where it is one that is meant. */
    KernelVariant variant(BenchGpu gpu, FormatMix formats, int m, WeightShape weight) {
        KernelProblem kernel = problem(formats).behind(algorithm).within(KernelProblem.Scope.DIRECT);
        return gpu.choose(
                kernel,
                shape(formats, m, weight),
                variant -> variant.algorithm().equals(algorithm.kernel()) && promotes(variant) == promoted);
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
        Work work = problem(formats).work(shape).orElseThrow();
        return new TimedKernel(
                gpu.device()
                        .operands(
                                problem(formats),
                                algorithm.passes(spec),
                                shape,
                                BenchGpu.copies(work.bytes() - work.written())),
                gpu.kernel(variant(gpu, formats, m, weight)),
                work);
    }
}
