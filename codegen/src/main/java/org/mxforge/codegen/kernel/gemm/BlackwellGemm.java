package org.mxforge.codegen.kernel.gemm;

import java.util.List;
import java.util.stream.Stream;
import org.mxforge.codegen.cuda.ScaleGroups;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.spec.MxGemmSpec;

/**
 * A mixed-precision GEMM on the block-scaled {@code mma.sync} of sm_120a. Code that depends on a width or a pair is there once for each that
 * occurs.
 *
 * @param name entry point
 * @param groups those of OCP MX v1.0, the only ones
 * @param elements how a lane loads codes, by width
 * @param instructions products, by format pair
 * @param products the K loop, by format pair
 * @param partitions what the kernel calls, in order
 * @param routing how a block finds its expert; empty if there is one set of weights
 * @param store how sums are finished and stored
 * @param operands the epilogue's parameter, if any
 */
record BlackwellGemm(
        String name,
        GemmTile tile,
        ScaleGroups groups,
        List<OutputModel> elements,
        List<OutputModel> instructions,
        List<OutputModel> products,
        List<MxGemm.Partition> partitions,
        List<MxGemm.ExpertRouting> routing,
        GemmOutput output,
        GemmEpilogue epilogue,
        OutputModel store,
        List<GemmEpilogue.Operand> operands)
        implements OutputModel {

    record ElementBytes4() implements OutputModel {}

    record ElementBytes6() implements OutputModel {}

    record ElementBytes8() implements OutputModel {}

    /** Codes of 4 bits where both sides have them. */
    record ElementNibbles() implements OutputModel {}

    /** The product of 32 channels of any pair. */
    record ScaledBytes(String pair, String activation, String weight) implements OutputModel {}

    /** The product of 64 channels of E2M1 on both sides. */
    record ScaledNibbles(String pair) implements OutputModel {}

    /**
     * The K loop of one format pair.
     *
     * @param step groups that an instruction multiplies
     */
    record ScaledLoop(String pair, Loads load, int step, MxGemm.PackedOperand activation, MxGemm.PackedOperand weight)
            implements OutputModel {}

    /** What the functions that load codes are called behind {@code element_}. */
    record Loads(String activation, String weight) {}

    static BlackwellGemm of(
            String name,
            GemmTile tile,
            MxGemmSpec spec,
            List<MxGemm.ExpertRouting> routing,
            Configuration configuration) {
        List<FormatPair> pairs = spec.pairs().stream().distinct().toList();
        GemmEpilogue epilogue = GemmEpilogue.of(spec.epilogue());
        return new BlackwellGemm(
                name,
                tile,
                ScaleGroups.of(spec.groups()),
                elements(pairs),
                pairs.stream().map(BlackwellGemm::instruction).toList(),
                pairs.stream()
                        .<OutputModel>map(pair -> loop(pair, configuration))
                        .toList(),
                MxGemm.Partition.of(spec),
                routing,
                GemmOutput.of(spec.output()),
                epilogue,
                epilogue.tileStore(),
                epilogue.operands());
    }

    private static List<OutputModel> elements(List<FormatPair> pairs) {
        Stream<OutputModel> bytes = pairs.stream()
                .filter(pair -> !isNarrow(pair))
                .flatMap(pair -> Stream.of(pair.activation(), pair.weight()))
                .map(ElementFormat::bits)
                .distinct()
                .sorted()
                .map(BlackwellGemm::bytes);
        Stream<OutputModel> nibbles =
                pairs.stream().filter(BlackwellGemm::isNarrow).map(pair -> new ElementNibbles());
        return Stream.concat(nibbles, bytes).toList();
    }

    private static OutputModel bytes(int bits) {
        return switch (bits) {
            case 4 -> new ElementBytes4();
            case 6 -> new ElementBytes6();
            case 8 -> new ElementBytes8();
            default -> throw new IllegalArgumentException("no format has " + bits + " bits");
        };
    }

    /** Whether both sides have the one format that is multiplied packed, at twice the rate. */
    private static boolean isNarrow(FormatPair pair) {
        return pair.activation() == ElementFormat.E2M1 && pair.weight() == ElementFormat.E2M1;
    }

    private static OutputModel instruction(FormatPair pair) {
        return isNarrow(pair)
                ? new ScaledNibbles(pair.text())
                : new ScaledBytes(
                        pair.text(), pair.activation().text(), pair.weight().text());
    }

    private static ScaledLoop loop(FormatPair pair, Configuration configuration) {
        boolean narrow = isNarrow(pair);
        return new ScaledLoop(
                pair.text(),
                new Loads(load(narrow, pair.activation()), load(narrow, pair.weight())),
                narrow ? 2 : 1,
                MxGemm.PackedOperand.of(pair.activation(), configuration),
                MxGemm.PackedOperand.of(pair.weight(), configuration));
    }

    private static String load(boolean narrow, ElementFormat format) {
        return narrow ? "nibbles" : "bytes_" + format.bits();
    }
}
