package org.mxforge.codegen.kernel.quantize;

import static org.mxforge.dsl.format.ElementFormat.E4M3;
import static org.mxforge.dsl.format.ElementFormat.E5M2;
import static org.mxforge.dsl.space.Expression.constant;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
import org.mxforge.dsl.layout.ContainerTile;
import org.mxforge.dsl.layout.FragmentTile;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.shape.QuantizeShape;
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
 * FP8 containers with the scales folded in, as the tensor cores of sm_90a read them, or BF16 in partitions that have no room for that: as
 * many blocks as run at a time, each of which takes one pair of rows after another.
 *
 * @param layout how the result lies: {@link OperandLayout#CONTAINERS} or {@link OperandLayout#MIXED}
 */
record FoldQuantize(OperandLayout layout) implements CudaAlgorithm<MxQuantizeSpec> {
    /** What the system takes of a multiprocessor's shared memory for each block, in bytes. */
    private static final int SHARED_OF_SYSTEM = 1024;

    /** More than the kernel has in static shared memory, in bytes. */
    private static final int STATIC = 256;

    /** With BF16 parts, whose threads have so many registers that three such blocks have more warps at work than two of 256 threads. */
    private static final int FEW_THREADS = 160;

    /** What rows get that are too wide for a thread to keep all that it needs. */
    private static final int MANY_THREADS = 448;

    @Override
    public String name() {
        return FoldedPartitions.name(layout);
    }

    @Override
    public Class<MxQuantizeSpec> specs() {
        return MxQuantizeSpec.class;
    }

    @Override
    public Optional<String> refusal(MxQuantizeSpec spec, Target target) {
        return FoldedPartitions.refusal(spec, layout, target);
    }

    @Override
    public OperandLayout layout(Side side) {
        return layout;
    }

    /** One thread for 32 channels of a row is enough to round them; more make the prologue quicker. */
    @Override
    public ConfigSpace space(MxQuantizeSpec spec, Target target) {
        // Many partitions, elements that must be clipped or BF16 need more registers than so many threads have.
        boolean few = spec.formats().size() <= 3 && spec.rule() == ScaleRule.CEIL && layout == OperandLayout.CONTAINERS;
        if (few) {
            return ConfigSpace.of(Parameter.of("threads", 256, 128, 448, 640));
        }
        return ConfigSpace.of(
                layout == OperandLayout.MIXED
                        ? Parameter.of("threads", 256, 128, FEW_THREADS, 448, 512)
                        : Parameter.of("threads", 256, 128, 448, 512));
    }

    /**
     * There is one choice to make and one thing that it depends on most, so it goes by what was measured with rows of 4096 and 14336 channels on
     * an H100 and an H200, and not by a model: the fewest threads, of a block that is not too small, of which each has a group of its own. Then
     * nobody looks for channels twice, which takes almost half of the time.
     */
    @Override
    public Configuration usual(MxQuantizeSpec spec, Target target, KernelShape shape) {
        ConfigSpace space = space(spec, target);
        int groups = paddedGroups(shape);
        int small = layout == OperandLayout.MIXED
                ? FEW_THREADS
                : RowTiling.of(space.defaultConfiguration()).threads();
        return new RowTiling(space.legal().stream()
                        .mapToInt(configuration -> RowTiling.of(configuration).threads())
                        .filter(threads -> threads >= Math.max(small, groups))
                        .min()
                        .orElse(MANY_THREADS))
                .configuration();
    }

    /** Groups of a row whose partitions are padded to whole blocks. */
    private static int paddedGroups(KernelShape shape) {
        List<Integer> partitions = shape instanceof QuantizeShape rows ? rows.k() : List.of(shape.channels());
        return partitions.stream()
                        .mapToInt(channels -> (channels + ContainerTile.CHANNELS - 1) / ContainerTile.CHANNELS)
                        .sum()
                * (ContainerTile.CHANNELS / GroupLayout.GROUP);
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
                        .plus(room.zeros() + room.exchanges()));
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

    private HopperMxQuantize model(MxQuantizeSpec spec, String name, int threads, RowPairRoom room) {
        // BF16 that no prologue changes is staged as it is; what a Hadamard matrix is to turn is BF16 before that.
        boolean computed = spec.prologue() != Prologue.NONE || spec.source() != ScalarType.BF16;
        boolean turned = spec.transform() == GroupTransform.HADAMARD;
        List<ElementFormat> formats = spec.formats();
        List<Way> quick = formats.stream()
                .map(format -> new Way(FoldedElement.Quick.of(format), layout.widens(format)))
                .toList();
        return new HopperMxQuantize(
                name,
                room,
                threads,
                spec.source().text(),
                !computed ? "raw" : turned ? "rounded" : "odd",
                spec.prologue().text(),
                turned,
                RowIndex.of(spec.rows()),
                spec.rule().method(),
                DeviceFunctions.cuda().strip(),
                ways(quick, spec),
                formats.stream()
                        .map(format -> FoldedElement.of(format, spec, computed && !turned))
                        .toList(),
                IntStream.range(0, formats.size()).boxed().toList(),
                quick.stream().distinct().map(way -> cases(way, quick)).toList(),
                FoldedPartitions.wides(formats, layout));
    }

    /** A quick way, and whether what it makes is BF16. */
    private record Way(FoldedElement.Quick quick, boolean wide) {
        String struct() {
            return wide ? "Wide" + quick.struct() : quick.struct();
        }
    }

    /** The first way that converts to a format brings what the others use, too. */
    private static List<OutputModel> ways(List<Way> quick, MxQuantizeSpec spec) {
        Set<FoldedElement.Quick> converters = new HashSet<>();
        return quick.stream()
                .distinct()
                .map(way -> way(way, spec, converters.add(way.quick())))
                .toList();
    }

    private static OutputModel way(Way way, MxQuantizeSpec spec, boolean first) {
        boolean clips = spec.formats().stream()
                .anyMatch(format -> FoldedElement.Quick.of(format) == way.quick()
                        && spec.rule().clips(format));
        if (way.wide()) {
            return WideWay.of(way.struct(), way.quick() == FoldedElement.Quick.E5M2 ? E5M2 : E4M3, first, clips);
        }
        return switch (way.quick()) {
            case SUMS -> new SumWay(clips);
            case E4M3 -> new ConvertWay(way.struct(), E4M3.text(), first, false, clips);
            case E5M2 -> new ConvertWay(way.struct(), E5M2.text(), first, true, clips);
        };
    }

    private static Case cases(Way way, List<Way> quick) {
        List<Integer> partitions = new ArrayList<>();
        for (int i = 0; i < quick.size(); i++) {
            if (quick.get(i).equals(way)) {
                partitions.add(i);
            }
        }
        return new Case(way.wide() ? "widen_block" : "fold_block", way.struct(), partitions);
    }

    /**
     * The kernel.
     *
     * @param source input type, names templates
     * @param staging {@code raw}, {@code odd} or {@code rounded}: how numbers are kept in shared memory, names templates
     * @param prologue names templates
     * @param turned whether groups go through a Hadamard matrix
     * @param index which rows are made
     * @param rule scale rule, names templates
     * @param ways quick ways to fold, each once
     * @param elements constants of each partition's format
     * @param partitions their numbers
     * @param cases which partitions take which way
     * @param wides those in BF16
     */
    record HopperMxQuantize(
            String name,
            RowPairRoom room,
            int threads,
            String source,
            String staging,
            String prologue,
            boolean turned,
            RowIndex index,
            String rule,
            String deviceFunctions,
            List<OutputModel> ways,
            List<FoldedElement> elements,
            List<Integer> partitions,
            List<Case> cases,
            List<Integer> wides)
            implements OutputModel {}

    /** Rounding by sums; {@code clips} where the rule's scales may be too small for the largest element. */
    record SumWay(boolean clips) implements OutputModel {}

    /** Rounding by the FP8 converter, whose functions the {@code first} brings; {@code twice} where a shift takes two factors. */
    record ConvertWay(String name, String type, boolean first, boolean twice, boolean clips) implements OutputModel {}

    /** Rounding by the FP8 converter, and scales multiplied in in BF16, whose exponents are {@code offset} above shifts. */
    record WideWay(String name, String format, boolean first, int offset, boolean clips, int down, String mask)
            implements OutputModel {
        static WideWay of(String name, ElementFormat format, boolean first, boolean clips) {
            int down = 1 + format.mantissaBits();
            return new WideWay(
                    name,
                    format.text(),
                    first,
                    new FragmentTile(format).step(0),
                    clips,
                    down,
                    "0x" + HexFormat.of().toHexDigits(0x7f007f00 >> down) + "u");
        }
    }

    /** The way that some partitions take, and the function that goes it. */
    record Case(String fold, String way, List<Integer> partitions) {}
}
