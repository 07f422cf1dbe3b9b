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
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.RowTiling;
import org.mxforge.dsl.tile.Tiling;

/**
 * The same as {@link FoldQuantize} for few rows: a cluster of blocks takes each, since one block alone would wait for memory
 * most of the time. Every block finds the norm for itself; the largest exponent of a row goes through distributed shared memory.
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
        int parts = variant.target().clusterBlocks();
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
        Expression bytes = signature.define(
                "bytes", words.pieces(constant(parts * threads)).times(threads * SLOT_BYTES));
        signature
                .atMost("columns", constant(MOST_CHANNELS))
                .grid(QuantizeSignature.ROWS.times(parts))
                .cluster(parts)
                .shared(bytes);
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
                formats.stream()
                        .map(format -> FoldedElement.of(format, spec, true))
                        .toList(),
                IntStream.range(0, formats.size()).boxed().toList(),
                FoldedPartitions.wides(formats, layout));
        return new KernelPlan(
                "hopper/mxquantizespread",
                model,
                signature.build(threads, parts + " blocks for each row"),
                (MOST_CHANNELS / CHANNELS_OF_WORD / parts + (formats.size() * ContainerTile.CHANNELS + threads))
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
}
