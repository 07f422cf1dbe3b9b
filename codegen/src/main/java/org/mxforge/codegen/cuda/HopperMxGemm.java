package org.mxforge.codegen.cuda;

import java.util.List;
import java.util.stream.IntStream;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.layout.FoldedFormat;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.FragmentTile;

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

    /** A product with both operands in shared memory. */
    record WgmmaShared(
            String name, String weight, String token, int wave, List<Integer> accumulators, Operands operands)
            implements OutputModel {}

    /** A product with the weights in registers. */
    record WgmmaRegisters(
            String name, String weight, String token, int wave, List<Integer> accumulators, Operands operands)
            implements OutputModel {}

    record KeepFragments() implements OutputModel {}

    record E2m1Fragments() implements OutputModel {}

    record E3m2Fragments() implements OutputModel {}

    record SharedLoop(String pair, String product) implements OutputModel {}

    record RegisterLoop(String pair, String product, String format, int blockBytes) implements OutputModel {}

    record PromotedSharedLoop(String pair, String product, int interval) implements OutputModel {}

    record PromotedRegisterLoop(String pair, String product, String format, int blockBytes) implements OutputModel {}

    record NarrowStore() implements OutputModel {}

    record WideStore() implements OutputModel {}

    /** A partition of the kernel's arguments, the loop that it is for and the size of its weight tiles. */
    record Partition(int index, String pair, int weightBytes) {}

    /** The product instruction of a pair. */
    static OutputModel product(FormatPair pair, boolean registers, HopperTile tile) {
        String weight = FoldedFormat.of(pair.weight()).container().text();
        String token = FoldedFormat.of(pair.activation()).container().text();
        List<Integer> accumulators = accumulators(tile);
        String name = productName(pair, registers);
        return registers
                ? new WgmmaRegisters(
                        name, weight, token, tile.wave(), accumulators, Operands.registers(accumulators.size()))
                : new WgmmaShared(name, weight, token, tile.wave(), accumulators, Operands.shared(accumulators.size()));
    }

    /** Names the instruction by where the weights are and by both types, weights first. */
    static String productName(FormatPair pair, boolean registers) {
        return (registers ? "registers_" : "shared_")
                + FoldedFormat.of(pair.weight()).container().text() + "_"
                + FoldedFormat.of(pair.activation()).container().text();
    }

    /** The K loop of a pair; {@code interval} blocks of 128 channels are summed by the tensor cores, all of them if 0. */
    static OutputModel loop(FormatPair pair, boolean registers, int interval) {
        String product = productName(pair, registers);
        if (!registers) {
            return interval == 0
                    ? new SharedLoop(pair.text(), product)
                    : new PromotedSharedLoop(pair.text(), product, interval);
        }
        String format = pair.weight().text();
        int blockBytes = new FragmentTile(pair.weight()).blockBytes();
        return interval == 0
                ? new RegisterLoop(pair.text(), product, format, blockBytes)
                : new PromotedRegisterLoop(pair.text(), product, format, blockBytes);
    }

    private static List<Integer> accumulators(HopperTile tile) {
        return IntStream.range(0, tile.wave() / 2).boxed().toList();
    }
}
