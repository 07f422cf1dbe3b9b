package org.mxforge.codegen.kernel.quantize;

import static org.mxforge.dsl.space.Expression.constant;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.mxforge.codegen.cuda.CudaAlgorithm;
import org.mxforge.codegen.cuda.KernelPlan;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.codegen.device.DeviceFunctions;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.launch.DeviceFact;
import org.mxforge.dsl.layout.FoldedFormat;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.space.Expression;
import org.mxforge.dsl.space.Parameter;
import org.mxforge.dsl.spec.GroupTransform;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.spec.Prologue;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.RowTiling;
import org.mxforge.dsl.tile.Tiling;

/**
 * FP8 containers with the scales folded in, as the tensor cores of sm_90a read them: as many blocks as run at a time, each of which
 * takes one pair of rows after another.
 */
record FoldQuantize() implements CudaAlgorithm<MxQuantizeSpec> {
    /** What the system takes of a multiprocessor's shared memory for each block, in bytes. */
    private static final int SHARED_OF_SYSTEM = 1024;

    /** More than the kernel has in static shared memory, in bytes. */
    private static final int STATIC = 256;

    /** Groups of a row that the default number of threads gets through while the next rows come. */
    private static final int FEW_GROUPS = 256;

    private static final int MANY_THREADS = 448;

    @Override
    public String name() {
        return "containers";
    }

    @Override
    public Class<MxQuantizeSpec> specs() {
        return MxQuantizeSpec.class;
    }

    @Override
    public Optional<String> refusal(MxQuantizeSpec spec, Target target) {
        return refusalOfContainers(spec, target);
    }

    /** Why {@code spec} cannot be written in containers on {@code target}. */
    static Optional<String> refusalOfContainers(MxQuantizeSpec spec, Target target) {
        if (target != Target.SM_90A) {
            return Optional.of("folded scales are for sm_90a");
        }
        if (spec.side() == Side.WEIGHT) {
            return Optional.of(
                    "only activations are folded by a quantizer: weights are folded on the host, from packed codes");
        }
        if (!spec.groups().isMx()) {
            return Optional.of("scales are folded in groups of 32 with e8m0 scales alone");
        }
        return spec.formats().stream()
                .filter(format ->
                        !spec.tolerance().rounds() && !FoldedFormat.of(format).hasRoom())
                .findFirst()
                .map(format -> format.text() + " fills its container, so that groups of different scales cannot share"
                        + " a row's factor without rounding: use tolerance=within4 to allow it");
    }

    @Override
    public OperandLayout layout(Side side) {
        return OperandLayout.CONTAINERS;
    }

    /** One thread for 32 channels of a row is enough to round them; more make the prologue quicker. */
    @Override
    public ConfigSpace space(MxQuantizeSpec spec, Target target) {
        // Many partitions, or elements that must be clipped, need more registers than so many threads have.
        boolean wide = spec.formats().size() <= 3 && spec.rule() == ScaleRule.CEIL;
        return ConfigSpace.of(
                wide ? Parameter.of("threads", 256, 128, 448, 640) : Parameter.of("threads", 256, 128, 448));
    }

    /**
     * There is one choice to make and one size that it depends on most, so it goes by what was measured on an H100 with rows of 4096
     * and 14336 channels, and not by a model.
     */
    @Override
    public Configuration usual(MxQuantizeSpec spec, Target target, KernelShape shape) {
        return shape.channels() / spec.groups().size() <= FEW_GROUPS
                ? space(spec, target).defaultConfiguration()
                : new RowTiling(MANY_THREADS).configuration();
    }

    @Override
    public boolean suits(MxQuantizeSpec spec, Target target, KernelShape shape) {
        return !SpreadQuantize.isForFew(shape);
    }

    @Override
    public Tiling tiling(Configuration configuration) {
        return RowTiling.of(configuration);
    }

    @Override
    public KernelPlan plan(MxQuantizeSpec spec, KernelVariant variant) {
        int threads = RowTiling.of(variant.configuration()).threads();
        RowPairRoom room = RowPairRoom.of(spec, threads);
        SignatureBuilder signature = QuantizeSignature.of(spec, "float*", "factors", "containers");
        QuantizeSignature.sharedFactors(signature, spec.formats().size());
        signature.atMost("columns", constant(room.channels()));
        Expression columns = QuantizeSignature.COLUMNS;
        Expression bytes = signature.define(
                "bytes",
                columns.times(room.slot())
                        .plus(columns.times(columns.atMost(room.buffered())).times(room.ahead()))
                        .plus(room.zeros()));
        signature.grid(blocks(signature, room, bytes)).shared(bytes);
        return new KernelPlan(
                "hopper/mxquantize",
                model(spec, variant.identifier(), threads, room),
                signature.build(
                        threads, "as many blocks as run at a time, each of which takes one pair of rows after another"),
                room.bytes());
    }

    /** As many blocks as run at a time, or fewer if then all have the same number of pairs. */
    private static Expression blocks(SignatureBuilder signature, RowPairRoom room, Expression bytes) {
        Expression pairs = signature.define("pairs", QuantizeSignature.ROWS.pieces(constant(2)));
        Expression fit = signature.define(
                "fit",
                DeviceFact.SHARED_MEMORY_PER_MULTIPROCESSOR
                        .variable()
                        .over(bytes.plus(STATIC + SHARED_OF_SYSTEM))
                        .min(constant(room.blocks()))
                        .max(constant(1)));
        Expression rounds = signature.define("rounds", pairs.pieces(fit.times(DeviceFact.MULTIPROCESSORS.variable())));
        return pairs.pieces(rounds);
    }

    private static HopperMxQuantize model(MxQuantizeSpec spec, String name, int threads, RowPairRoom room) {
        // BF16 that no prologue changes is staged as it is; what a Hadamard matrix is to turn is BF16 before that.
        boolean computed = spec.prologue() != Prologue.NONE || spec.source() != ScalarType.BF16;
        boolean turned = spec.transform() == GroupTransform.HADAMARD;
        boolean clips = spec.rule() != ScaleRule.CEIL;
        List<ElementFormat> formats = spec.formats();
        List<FoldedElement.Quick> quick =
                formats.stream().map(FoldedElement.Quick::of).toList();
        return new HopperMxQuantize(
                name,
                room,
                threads,
                spec.source().text(),
                !computed ? "raw" : turned ? "rounded" : "odd",
                spec.prologue().text(),
                turned,
                spec.rule().method(),
                DeviceFunctions.cuda().strip(),
                quick.stream().distinct().map(way -> way(way, clips)).toList(),
                formats.stream()
                        .map(format -> FoldedElement.of(format, spec, computed && !turned))
                        .toList(),
                IntStream.range(0, formats.size()).boxed().toList(),
                quick.stream().distinct().map(way -> cases(way, quick)).toList());
    }

    private static OutputModel way(FoldedElement.Quick way, boolean clips) {
        return switch (way) {
            case SUMS -> new SumWay(clips);
            case E4M3 -> new ConvertWay(way.struct(), "e4m3", false, clips);
            case E5M2 -> new ConvertWay(way.struct(), "e5m2", true, clips);
        };
    }

    private static Case cases(FoldedElement.Quick way, List<FoldedElement.Quick> quick) {
        List<Integer> partitions = new ArrayList<>();
        for (int i = 0; i < quick.size(); i++) {
            if (quick.get(i) == way) {
                partitions.add(i);
            }
        }
        return new Case(way.struct(), partitions);
    }

    /**
     * The kernel.
     *
     * @param source input type, names templates
     * @param staging {@code raw}, {@code odd} or {@code rounded}: how numbers are kept in shared memory, names templates
     * @param prologue names templates
     * @param turned whether groups go through a Hadamard matrix
     * @param rule scale rule, names templates
     * @param ways quick ways to fold, each once
     * @param elements constants of each partition's format
     * @param partitions their numbers
     * @param cases which partitions take which way
     */
    record HopperMxQuantize(
            String name,
            RowPairRoom room,
            int threads,
            String source,
            String staging,
            String prologue,
            boolean turned,
            String rule,
            String deviceFunctions,
            List<OutputModel> ways,
            List<FoldedElement> elements,
            List<Integer> partitions,
            List<Case> cases)
            implements OutputModel {}

    /** Rounding by sums; {@code clips} where the rule's scales may be too small for the largest element. */
    record SumWay(boolean clips) implements OutputModel {}

    /** Rounding by the FP8 converter; {@code twice} where a shift takes two factors. */
    record ConvertWay(String name, String type, boolean twice, boolean clips) implements OutputModel {}

    /** The way that some partitions take. */
    record Case(String way, List<Integer> partitions) {}
}
