package org.mxforge.codegen.kernel.gemm;

import java.util.List;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.layout.Bf16Tile;
import org.mxforge.dsl.layout.ContainerTile;
import org.mxforge.dsl.layout.FoldedFormat;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.MxGemmSpec;

/**
 * A mixed-precision GEMM for few tokens that streams its weights, with folded scales.
 *
 * @param name entry point
 * @param joint how warps multiply together; none where each multiplies for itself
 * @param weights kinds of weights that occur: how each comes and becomes FP16, or FP8 where warps multiply together
 * @param products how their partitions are multiplied
 * @param partitions what the kernel calls, in order
 * @param grouped whether tiles have weights of their own, those of an expert
 * @param tileRows rows of such a tile
 * @param routes the parameter that tells whose they are, if any
 * @param store how sums are finished and stored
 * @param operands the epilogue's parameter, if any
 */
record HopperStreamGemm(
        String name,
        HopperStreamTile tile,
        List<OutputModel> joint,
        List<OutputModel> weights,
        List<OutputModel> products,
        List<Partition> partitions,
        boolean grouped,
        int tileRows,
        List<GemmRouting.Operand> routes,
        GemmOutput output,
        GemmEpilogue epilogue,
        OutputModel store,
        List<GemmEpilogue.Operand> operands)
        implements OutputModel {

    /** Sums of a lane over the columns of four times two tokens. */
    private static final List<Integer> JOINT_SUMS = List.of(0, 1, 2, 3);

    record E2m1Weights(boolean joint) implements OutputModel {}

    record E3m2Weights() implements OutputModel {}

    record ContainerWeights() implements OutputModel {}

    /** Weights that become BF16. */
    record WideWeights(String type, String format, int down, String mask) implements OutputModel {}

    /** The products of partitions in FP16, or in BF16. */
    record HalfProducts() implements OutputModel {}

    record WideProducts() implements OutputModel {}

    /** How the warps of a group multiply together, and the products of partitions whose tokens have this name's types. */
    record JointControl(OutputModel waiting) implements OutputModel {
        static final JointControl OF_TWO_TOKENS =
                new JointControl(new HopperMxGemm.WgmmaWait(false, JOINT_SUMS, JOINT_SUMS.size()));
    }

    record JointProducts(String name, OutputModel product) implements OutputModel {
        static JointProducts of(FormatPair pair) {
            HopperMxGemm.Operation operation = HopperMxGemm.Operation.folded(pair, true);
            return new JointProducts(operation.name(), operation.product(JOINT_SUMS, false));
        }
    }

    /**
     * A partition of the kernel's arguments, the channels of its tiles, the function that multiplies it, and the type in the emitted
     * kernel that reads its weights.
     */
    record Partition(int index, int channels, int last, String multiply, String weights) {
        static Partition of(MxGemmSpec spec, OperandLayout layout, boolean joint, int index) {
            FormatPair pair = spec.pairs().get(index);
            String weights = layout.keepsFragments(pair.weight())
                    ? type(pair.weight()) + "Weights"
                    : "ContainerWeights<" + container(pair.weight()) + ">";
            boolean wide = layout.widens(pair.weight());
            int channels = wide ? Bf16Tile.CHANNELS : ContainerTile.CHANNELS;
            return new Partition(
                    index,
                    channels,
                    channels - 1,
                    joint
                            ? "multiply_" + JointProducts.of(pair).name()
                            : wide
                                    ? "multiply_wide<Weights>"
                                    : "multiply<Weights, " + container(pair.activation()) + ">",
                    weights);
        }

        private static String container(ElementFormat format) {
            return type(FoldedFormat.of(format).container());
        }

        private static String type(ElementFormat format) {
            return "E" + format.text().substring(1);
        }
    }

    /** How the weights of a pair come. */
    static OutputModel weights(OperandLayout layout, boolean joint, FormatPair pair) {
        if (!layout.keepsFragments(pair.weight())) {
            return new ContainerWeights();
        }
        return switch (pair.weight()) {
            case E2M1 -> new E2m1Weights(joint);
            case E3M2 -> new E3m2Weights();
            case E2M3, E4M3, E5M2 -> {
                HopperMxGemm.WideFragments wide = HopperMxGemm.WideFragments.of(pair.weight());
                yield new WideWeights(
                        Partition.type(pair.weight()) + "Weights", wide.format(), wide.down(), wide.mask());
            }
        };
    }

    /** How partitions are multiplied, each way that occurs. */
    static List<OutputModel> products(OperandLayout layout, boolean joint, List<FormatPair> pairs) {
        if (joint) {
            return pairs.stream().<OutputModel>map(JointProducts::of).distinct().toList();
        }
        return pairs.stream()
                .map(pair -> layout.widens(pair.weight()))
                .distinct()
                .sorted()
                .<OutputModel>map(wide -> wide ? new WideProducts() : new HalfProducts())
                .toList();
    }
}
