package org.mxforge.codegen.kernel.gemm;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.mxforge.codegen.cuda.ScaleGroups;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.tile.SharedTile;

/**
 * A portable mixed-precision GEMM. Code that depends on a width, a format or a pair is there once for each that occurs.
 *
 * @param name entry point
 * @param deviceFunctions the translated codecs
 * @param groups group size and scale format
 * @param codes unpacking, by width
 * @param values decoding, by format
 * @param products the K loop, by format pair
 * @param partitions what the kernel calls, in order
 * @param routing how a block finds its expert; empty if there is one set of weights
 * @param store how sums are finished and stored
 * @param operands the epilogue's parameter, if any
 */
record MxGemm(
        String name,
        GemmTile tile,
        String deviceFunctions,
        ScaleGroups groups,
        ScaleCopy scales,
        List<PackedCodes> codes,
        List<ElementValues> values,
        List<PackedProduct> products,
        List<Partition> partitions,
        List<ExpertRouting> routing,
        GemmOutput output,
        GemmEpilogue epilogue,
        OutputModel store,
        List<GemmEpilogue.Operand> operands)
        implements OutputModel {

    /** Copies scales from one of the layouts. */
    sealed interface ScaleCopy extends OutputModel {
        static ScaleCopy of(OperandLayout layout, boolean mx) {
            return switch (layout) {
                case ROWS -> new RowScales(mx);
                case TILED -> new TiledScales(mx);
                case PLAIN, CONTAINERS, FRAGMENTS, MIXED, MIXED_FRAGMENTS, BF16 ->
                    throw new IllegalArgumentException("folded scales are not copied");
            };
        }
    }

    record RowScales(boolean mx) implements ScaleCopy {}

    record TiledScales(boolean mx) implements ScaleCopy {}

    /** Unpacks codes of one width. */
    sealed interface PackedCodes extends OutputModel {
        static PackedCodes of(int bits) {
            return switch (bits) {
                case 4 -> new Codes4();
                case 6 -> new Codes6();
                case 8 -> new Codes8();
                default -> throw new IllegalArgumentException("no format has " + bits + " bits");
            };
        }
    }

    record Codes4() implements PackedCodes {}

    record Codes6() implements PackedCodes {}

    record Codes8() implements PackedCodes {}

    /** Decodes the codes of one format. */
    record ElementValues(String format, int bits, int exponentBits, int mantissaBits, int bias) implements OutputModel {
        static ElementValues of(ElementFormat format) {
            return new ElementValues(
                    format.text(), format.bits(), format.exponentBits(), format.mantissaBits(), format.bias());
        }
    }

    /** The K loop of one format pair. */
    record PackedProduct(String pair, ScaleGroups groups, PackedOperand activation, PackedOperand weight)
            implements OutputModel {
        static PackedProduct of(FormatPair pair, ScaleGroups groups, Configuration configuration) {
            return new PackedProduct(
                    pair.text(),
                    groups,
                    PackedOperand.of(pair.activation(), configuration),
                    PackedOperand.of(pair.weight(), configuration));
        }
    }

    /**
     * One operand of a product.
     *
     * @param groupBytes size of a group of 32 codes
     * @param piece bytes that one asynchronous copy moves: groups of 24 bytes begin on multiples of 8 only
     * @param pitch bytes from row to row in shared memory
     */
    record PackedOperand(String format, int groupBytes, int piece, long pitch) {
        static PackedOperand of(ElementFormat format, Configuration configuration) {
            return new PackedOperand(
                    format.text(),
                    format.bytesPerGroup(),
                    format.bytesPerGroup() % 16 == 0 ? 16 : 8,
                    SharedTile.pitch(format.bits()).evaluate(configuration));
        }
    }

    /** A partition of the kernel's arguments and the product that it is for. */
    record Partition(int index, String pair) {
        /** Those of {@code spec}, in order. */
        static List<Partition> of(MxGemmSpec spec) {
            return IntStream.range(0, spec.pairs().size())
                    .mapToObj(i -> new Partition(i, spec.pairs().get(i).text()))
                    .toList();
        }
    }

    /**
     * Turns the kernel's parameters to the expert that a block works for.
     *
     * @param weights for each partition
     * @param biases what the epilogue reads by output
     */
    record ExpertRouting(int rows, List<ExpertWeights> weights, List<GemmEpilogue.Operand> biases)
            implements OutputModel {
        /** That of {@code product}; none if there is one set of weights. */
        static <S extends KernelSpec> List<ExpertRouting> of(Product<S> product, S of, OperandLayout layout) {
            if (!product.grouped()) {
                return List.of();
            }
            MxGemmSpec spec = product.of(of);
            List<ExpertWeights> weights = new ArrayList<>();
            for (int i = 0; i < spec.pairs().size(); i++) {
                weights.add(ExpertWeights.of(spec, layout, i));
            }
            return List.of(new ExpertRouting(
                    product.tileRows(of),
                    weights,
                    GemmEpilogue.of(spec.epilogue()).operands().stream()
                            .filter(GemmEpilogue.Operand::perOutput)
                            .toList()));
        }
    }

    /** One partition's weights, by the layout of their scales. */
    sealed interface ExpertWeights extends OutputModel {
        static ExpertWeights of(MxGemmSpec spec, OperandLayout layout, int index) {
            int groupBytes = spec.pairs().get(index).weight().bytesPerGroup();
            int groupSize = spec.groups().size();
            return switch (layout) {
                case ROWS -> new RowExpertWeights(index, groupBytes, groupSize);
                case TILED -> new TiledExpertWeights(index, groupBytes, groupSize);
                case PLAIN, CONTAINERS, FRAGMENTS, MIXED, MIXED_FRAGMENTS, BF16 ->
                    throw new IllegalArgumentException("folded weights are not packed");
            };
        }
    }

    record RowExpertWeights(int index, int groupBytes, int groupSize) implements ExpertWeights {}

    record TiledExpertWeights(int index, int groupBytes, int groupSize) implements ExpertWeights {}
}
