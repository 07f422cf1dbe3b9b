package org.mxforge.codegen.kernel.gemm;

import java.util.List;
import java.util.stream.IntStream;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.FoldedFormat;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.FragmentTile;
import org.mxforge.dsl.spec.Epilogue;

/**
 * A mixed-precision GEMM on FP8 wgmma with folded scales. Code that depends on a weight format or a pair is there once for each
 * that occurs.
 *
 * @param name entry point
 * @param waiting how the products are waited for
 * @param decoders register decoding, by weight format
 * @param products instructions, by operand types and place of the weights
 * @param loops the K loop, by format pair
 * @param partitions what the kernel calls, in order
 * @param routing which tiles of D there are
 * @param routes the routing's parameter, if any
 * @param registers how a block's registers are shared out
 * @param share which channels of a tile a block has
 * @param operands the epilogue's parameter, if any
 */
record HopperMxGemm(
        String name,
        HopperTile tile,
        WgmmaWait waiting,
        List<OutputModel> decoders,
        List<OutputModel> products,
        List<OutputModel> loops,
        List<Partition> partitions,
        GemmRouting routing,
        List<GemmRouting.Operand> routes,
        GemmRouting.Registers registers,
        OutputModel share,
        GemmOutput output,
        GemmEpilogue epilogue,
        OutputModel store,
        List<GemmEpilogue.Operand> operands)
        implements OutputModel {

    /** Waits for products; {@code pending} is the number of its operand. */
    record WgmmaWait(List<Integer> accumulators, int pending) implements OutputModel {
        static WgmmaWait of(HopperTile tile) {
            return new WgmmaWait(HopperMxGemm.accumulators(tile), tile.wave() / 2);
        }
    }

    /** Numbers of the assembler operands after the accumulators; weights in shared memory use the first only. */
    record Operands(int first, int second, int third, int fourth, int tokens, int accumulate) {
        static Operands shared(int accumulators) {
            return new Operands(accumulators, 0, 0, 0, accumulators + 1, accumulators + 2);
        }

        static Operands registers(int accumulators) {
            return new Operands(
                    accumulators,
                    accumulators + 1,
                    accumulators + 2,
                    accumulators + 3,
                    accumulators + 4,
                    accumulators + 5);
        }
    }

    /**
     * A product with both operands in shared memory.
     *
     * @param depth channels that it adds: 32 bytes of them
     * @param modifiers what the instruction of these types wants to be told at its end
     */
    record WgmmaShared(
            String name,
            String weight,
            String token,
            int wave,
            int depth,
            String modifiers,
            List<Integer> accumulators,
            Operands operands)
            implements OutputModel {}

    /** A product with the weights in registers. */
    record WgmmaRegisters(
            String name, String weight, String token, int wave, List<Integer> accumulators, Operands operands)
            implements OutputModel {}

    record KeepFragments() implements OutputModel {}

    /** The decoder of weights in fragments. */
    static OutputModel fragments(ElementFormat format) {
        return format == ElementFormat.E2M1 ? new E2m1Fragments() : new E3m2Fragments();
    }

    record E2m1Fragments() implements OutputModel {}

    record E3m2Fragments() implements OutputModel {}

    record SharedLoop(String pair, String product) implements OutputModel {}

    record RegisterLoop(String pair, String product, String format, int blockBytes) implements OutputModel {}

    record PromotedSharedLoop(String pair, String product, int interval) implements OutputModel {}

    record PromotedRegisterLoop(String pair, String product, int interval, String format, int blockBytes)
            implements OutputModel {}

    record WholeTile() implements OutputModel {}

    record SplitTile(int parts) implements OutputModel {}

    /**
     * How sums are stored. Epilogues that look at no other matrix can be done before the sums are rearranged, in the output's width.
     *
     * @param plain whether sums have no factors
     */
    static OutputModel store(Epilogue epilogue, ScalarType output, boolean plain) {
        boolean elementwise = epilogue == Epilogue.NONE || epilogue == Epilogue.BIAS;
        return elementwise && output != ScalarType.FP32 ? new NarrowStore(plain) : new WideStore(plain);
    }

    /** {@code plain} where sums have no factors. */
    record NarrowStore(boolean plain) implements OutputModel {}

    record WideStore(boolean plain) implements OutputModel {}

    /** A partition of the kernel's arguments, the loop that it is for, the size of its weight tiles, and their channels. */
    record Partition(int index, String pair, int weightBytes, int channels) {}

    /**
     * What a product instruction multiplies.
     *
     * @param weight type of the weights
     * @param token type of the activations
     * @param registers whether the weights are in registers
     */
    record Operation(String weight, String token, boolean registers) {
        /** Operands whose scales are folded into FP8. */
        static Operation folded(FormatPair pair, boolean registers) {
            return new Operation(
                    FoldedFormat.of(pair.weight()).container().text(),
                    FoldedFormat.of(pair.activation()).container().text(),
                    registers);
        }

        /** Operands in BF16, whatever they were. */
        static Operation expanded() {
            return new Operation("bf16", "bf16", false);
        }

        String name() {
            return (registers ? "registers_" : "shared_") + weight + "_" + token;
        }

        OutputModel product(HopperTile tile) {
            List<Integer> sums = accumulators(tile);
            boolean wide = weight.equals("bf16");
            return registers
                    ? new WgmmaRegisters(name(), weight, token, tile.wave(), sums, Operands.registers(sums.size()))
                    : new WgmmaShared(
                            name(),
                            weight,
                            token,
                            tile.wave(),
                            wide ? 16 : 32,
                            // Neither negated; 16-bit types could be transposed as well.
                            wide ? "1, 1, 0, 0" : "1, 1",
                            sums,
                            Operands.shared(sums.size()));
        }
    }

    /** The K loop of a pair; {@code interval} blocks of 128 channels are summed by the tensor cores, all of them if 0. */
    static OutputModel loop(FormatPair pair, Operation operation, int interval) {
        String product = operation.name();
        if (!operation.registers()) {
            return interval == 0
                    ? new SharedLoop(pair.text(), product)
                    : new PromotedSharedLoop(pair.text(), product, interval);
        }
        String format = pair.weight().text();
        int blockBytes = new FragmentTile(pair.weight()).blockBytes();
        return interval == 0
                ? new RegisterLoop(pair.text(), product, format, blockBytes)
                : new PromotedRegisterLoop(pair.text(), product, interval, format, blockBytes);
    }

    static List<Integer> accumulators(HopperTile tile) {
        return IntStream.range(0, tile.wave() / 2).boxed().toList();
    }
}
