package org.mxforge.codegen.kernel.gemm;

import java.util.List;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.layout.FoldedFormat;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.MxGemmSpec;

/**
 * A mixed-precision GEMM for few tokens that streams its weights, with folded scales.
 *
 * @param name entry point
 * @param weights kinds of weights that occur: how each comes and becomes FP16
 * @param partitions what the kernel calls, in order
 * @param grouped whether tiles have weights of their own, those of an expert
 * @param tileRows rows of such a tile
 * @param routes the parameter that tells whose they are, if any
 * @param operands the epilogue's parameter, if any
 */
record HopperStreamGemm(
        String name,
        HopperStreamTile tile,
        List<OutputModel> weights,
        List<Partition> partitions,
        boolean grouped,
        int tileRows,
        List<GemmRouting.Operand> routes,
        GemmOutput output,
        GemmEpilogue epilogue,
        List<GemmEpilogue.Operand> operands)
        implements OutputModel {

    record E2m1Weights() implements OutputModel {}

    record E3m2Weights() implements OutputModel {}

    record ContainerWeights() implements OutputModel {}

    /** A partition of the kernel's arguments, and the types in the emitted kernel that read its weights and its tokens. */
    record Partition(int index, String weights, String tokens) {
        static Partition of(MxGemmSpec spec, OperandLayout layout, int index) {
            FormatPair pair = spec.pairs().get(index);
            String weights = layout.keepsFragments(pair.weight())
                    ? type(pair.weight()) + "Weights"
                    : "ContainerWeights<" + container(pair.weight()) + ">";
            return new Partition(index, weights, container(pair.activation()));
        }

        private static String container(ElementFormat format) {
            return type(FoldedFormat.of(format).container());
        }

        private static String type(ElementFormat format) {
            return "E" + format.text().substring(1);
        }
    }

    /** How the weights of a pair come. */
    static OutputModel weights(OperandLayout layout, FormatPair pair) {
        if (!layout.keepsFragments(pair.weight())) {
            return new ContainerWeights();
        }
        return pair.weight() == ElementFormat.E2M1 ? new E2m1Weights() : new E3m2Weights();
    }
}
