package org.mxforge.codegen.kernel.gemm;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.layout.Bf16Tile;
import org.mxforge.dsl.layout.ContainerTile;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.FragmentTile;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.MxGemmSpec;

/**
 * A mixed-precision GEMM on wgmma for few tokens, with folded scales, whose weights come in rings. Code that depends on a weight format or a
 * pair is there once for each that occurs.
 *
 * @param name entry point
 * @param waiting how the products are waited for
 * @param decoders register decoding, by weight format
 * @param products instructions, by operand types and place of the weights
 * @param loops what is done with blocks of channels, by format pair
 * @param partitions what the kernel calls, in order
 * @param store how sums are finished and stored
 * @param operands the epilogue's parameter, if any
 */
record HopperRingGemm(
        String name,
        HopperRingTile tile,
        HopperMxGemm.WgmmaWait waiting,
        List<OutputModel> decoders,
        List<OutputModel> products,
        List<OutputModel> loops,
        List<HopperMxGemm.Partition> partitions,
        GemmOutput output,
        GemmEpilogue epilogue,
        OutputModel store,
        List<GemmEpilogue.Operand> operands)
        implements OutputModel {

    /** Blocks of channels with weights that are decoded in registers. */
    record RingFragments(String pair, String product, String format, int blockBytes) implements OutputModel {}

    /** Those with weights in FP8 containers. */
    record RingContainers(String pair, String product) implements OutputModel {}

    static HopperRingGemm of(String name, HopperRingTile tile, MxGemmSpec spec, OperandLayout layout) {
        List<FormatPair> pairs = spec.pairs().stream().distinct().toList();
        List<Integer> accumulators = IntStream.range(0, tile.bm() / 2).boxed().toList();
        GemmEpilogue epilogue = GemmEpilogue.of(spec.epilogue());
        return new HopperRingGemm(
                name,
                tile,
                new HopperMxGemm.WgmmaWait(false, accumulators, accumulators.size()),
                decoders(pairs, layout),
                pairs.stream()
                        .map(pair -> operation(pair, layout).product(accumulators, false))
                        .distinct()
                        .toList(),
                pairs.stream().map(pair -> loop(pair, layout)).toList(),
                IntStream.range(0, spec.pairs().size())
                        .mapToObj(i -> partition(i, spec.pairs().get(i), layout))
                        .toList(),
                GemmOutput.of(spec.output()),
                epilogue,
                epilogue.ringStore(),
                epilogue.operands());
    }

    private static List<OutputModel> decoders(List<FormatPair> pairs, OperandLayout layout) {
        List<OutputModel> decoders = new ArrayList<>();
        pairs.stream()
                .map(FormatPair::weight)
                .filter(layout::keepsFragments)
                .distinct()
                .sorted()
                .map(HopperMxGemm::fragments)
                .forEach(decoders::add);
        if (!decoders.isEmpty()) {
            decoders.add(0, new HopperMxGemm.KeepFragments());
        }
        return decoders;
    }

    private static HopperMxGemm.Operation operation(FormatPair pair, OperandLayout layout) {
        boolean registers = layout.keepsFragments(pair.weight());
        return layout.widens(pair.weight())
                ? HopperMxGemm.Operation.wide(registers)
                : HopperMxGemm.Operation.folded(pair, registers);
    }

    private static OutputModel loop(FormatPair pair, OperandLayout layout) {
        String product = operation(pair, layout).name();
        return layout.keepsFragments(pair.weight())
                ? new RingFragments(
                        pair.text(), product, pair.weight().text(), new FragmentTile(pair.weight()).blockBytes())
                : new RingContainers(pair.text(), product);
    }

    private static HopperMxGemm.Partition partition(int index, FormatPair pair, OperandLayout layout) {
        return new HopperMxGemm.Partition(
                index,
                pair.text(),
                HopperRingTile.tileBytes(pair.weight(), layout),
                layout.widens(pair.weight()) ? Bf16Tile.CHANNELS : ContainerTile.CHANNELS,
                false);
    }
}
