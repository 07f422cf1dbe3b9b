package org.mxforge.codegen.kernel.quantize;

import static org.mxforge.dsl.space.Expression.constant;
import static org.mxforge.dsl.space.Expression.variable;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.mxforge.codegen.cuda.CudaAlgorithm;
import org.mxforge.codegen.cuda.KernelPlan;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.codegen.device.DeviceFunctions;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.layout.ContainerTile;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.space.Expression;
import org.mxforge.dsl.spec.GroupTransform;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.spec.Prologue;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.RowTiling;
import org.mxforge.dsl.tile.Tiling;

/**
 * The same as {@link FoldQuantize} for few rows: several blocks take each, since one block alone would wait for memory most of the time.
 * Every block finds the norm for itself. So it does what the factor of a row hangs on where that is the row's largest number; else it
 * is a cluster of blocks, and the largest exponent goes through distributed shared memory.
 *
 * @param layout how the result lies: {@link OperandLayout#CONTAINERS} or {@link OperandLayout#MIXED}
 */
record SpreadQuantize(OperandLayout layout) implements CudaAlgorithm<MxQuantizeSpec> {
    private static final int CHANNELS_OF_WORD = 4;

    /** A word's numbers and the scale of its group. */
    private static final int SLOT_BYTES = CHANNELS_OF_WORD * Float.BYTES + Integer.BYTES;

    /** Rows whose clusters fill a GPU, from where on pairs of rows are the better unit. */
    private static final int FEW_ROWS = 64;

    /** What a row may have, so that a block's part of it fits into shared memory. */
    private static final int MOST_CHANNELS = 1 << 16;

    @Override
    public String name() {
        return layout == OperandLayout.CONTAINERS ? "spread" : "spread_" + FoldedPartitions.name(layout);
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

    @Override
    public ConfigSpace space(MxQuantizeSpec spec, Target target) {
        return RowTiling.space();
    }

    @Override
    public boolean suits(MxQuantizeSpec spec, Target target, KernelShape shape) {
        return isForFew(shape);
    }

    /** Whether rows are so few, and not too wide, that clusters are better. */
    static boolean isForFew(KernelShape shape) {
        return shape.m() <= FEW_ROWS && shape.channels() <= MOST_CHANNELS;
    }

    @Override
    public boolean permits(MxQuantizeSpec spec, Configuration configuration, KernelShape shape) {
        return shape.channels() <= MOST_CHANNELS;
    }

    @Override
    public Tiling tiling(Configuration configuration) {
        return RowTiling.of(configuration);
    }

    @Override
    public KernelPlan plan(MxQuantizeSpec spec, KernelVariant variant) {
        int threads = RowTiling.of(variant.configuration()).threads();
        List<ElementFormat> formats = spec.formats();
        SignatureBuilder signature = QuantizeSignature.of(spec, "float*", "factors", "containers");
        QuantizeSignature.sharedFactors(signature, formats.size());
        Expression words = constant(0);
        for (int i = 0; i < formats.size(); i++) {
            Expression padded = variable("partitions[" + i + "].channels")
                    .pieces(constant(ContainerTile.CHANNELS))
                    .times(ContainerTile.CHANNELS / CHANNELS_OF_WORD);
            words = words.plus(padded);
        }
        signature.atMost("columns", constant(MOST_CHANNELS));
        return hasLargestNumber(spec)
                ? ofBlocks(spec, variant, threads, words, signature)
                : ofCluster(spec, variant, threads, words, signature);
    }

    /** Whether one number decides the factor of a row, and can be found without the reorder index. */
    private static boolean hasLargestNumber(MxQuantizeSpec spec) {
        return spec.formats().size() == 1
                && spec.transform() == GroupTransform.NONE
                && (spec.prologue() == Prologue.NONE || spec.prologue() == Prologue.RMSNORM);
    }

    private KernelPlan ofBlocks(
            MxQuantizeSpec spec, KernelVariant variant, int threads, Expression words, SignatureBuilder signature) {
        signature.grid(QuantizeSignature.ROWS, words.pieces(constant(threads))).shared(constant(0));
        MxQuantizeWords model = new MxQuantizeWords(
                variant.identifier(),
                threads,
                spec.source().text(),
                spec.prologue().text(),
                RowIndex.of(spec.rows()),
                spec.rule().method(),
                DeviceFunctions.cuda().strip(),
                elements(spec),
                List.of(0),
                FoldedPartitions.wides(spec.formats(), layout));
        return new KernelPlan(
                "hopper/mxquantizewords",
                model,
                signature.build(threads, "a block for " + threads + " words of a row"),
                0);
    }

    private static List<FoldedElement> elements(MxQuantizeSpec spec) {
        return spec.formats().stream()
                .map(format -> FoldedElement.of(format, spec, true))
                .toList();
    }

    private KernelPlan ofCluster(
            MxQuantizeSpec spec, KernelVariant variant, int threads, Expression words, SignatureBuilder signature) {
        int parts = variant.target().clusterBlocks();
        int partitions = spec.formats().size();
        Expression bytes = signature.define(
                "bytes", words.pieces(constant(parts * threads)).times(threads * SLOT_BYTES));
        signature.grid(QuantizeSignature.ROWS.times(parts)).cluster(parts).shared(bytes);
        MxQuantizeSpread model = new MxQuantizeSpread(
                variant.identifier(),
                threads,
                parts,
                spec.source().text(),
                spec.prologue().text(),
                spec.transform() == GroupTransform.HADAMARD,
                RowIndex.of(spec.rows()),
                spec.rule().method(),
                DeviceFunctions.cuda().strip(),
                elements(spec),
                IntStream.range(0, partitions).boxed().toList(),
                FoldedPartitions.wides(spec.formats(), layout));
        return new KernelPlan(
                "hopper/mxquantizespread",
                model,
                signature.build(threads, parts + " blocks for each row"),
                (MOST_CHANNELS / CHANNELS_OF_WORD / parts + (partitions * ContainerTile.CHANNELS + threads))
                        * SLOT_BYTES);
    }

    /**
     * The kernel.
     *
     * @param parts blocks of a cluster
     * @param source input type, names templates
     * @param prologue names templates
     * @param turned whether groups go through a Hadamard matrix
     * @param index which rows are made
     * @param rule scale rule, names templates
     * @param elements constants of each partition's format
     * @param partitions their numbers
     * @param wides those in BF16
     */
    record MxQuantizeSpread(
            String name,
            int threads,
            int parts,
            String source,
            String prologue,
            boolean turned,
            RowIndex index,
            String rule,
            String deviceFunctions,
            List<FoldedElement> elements,
            List<Integer> partitions,
            List<Integer> wides)
            implements OutputModel {}

    /** The same without a cluster, of one partition. */
    record MxQuantizeWords(
            String name,
            int threads,
            String source,
            String prologue,
            RowIndex index,
            String rule,
            String deviceFunctions,
            List<FoldedElement> elements,
            List<Integer> partitions,
            List<Integer> wides)
            implements OutputModel {}
}
