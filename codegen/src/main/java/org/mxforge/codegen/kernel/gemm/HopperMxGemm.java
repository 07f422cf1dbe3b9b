package org.mxforge.codegen.kernel.gemm;

import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
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
 * @param waiting how the products of each size are waited for
 * @param decoders register decoding, by weight format
 * @param products instructions, by operand types, place of the weights and tokens
 * @param loops the K loop, by format pair
 * @param partitions what the kernel calls, in order
 * @param routing which tiles of D there are
 * @param routes the routing's parameter, if any
 * @param registers how a block's registers are shared out
 * @param share which channels of a tile a block has
 * @param operands the epilogue's parameter, if any
 * @param ahead whether that is of the output's shape
 */
record HopperMxGemm(
        String name,
        HopperTile tile,
        List<WgmmaWait> waiting,
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
        List<GemmEpilogue.Operand> operands,
        boolean ahead)
        implements OutputModel {

    /** Waits for products; {@code pending} is the number of its operand. */
    record WgmmaWait(boolean half, List<Integer> accumulators, int pending) implements OutputModel {
        /** For {@code half} a wave, or a whole one. */
        static WgmmaWait of(HopperTile tile, boolean half) {
            List<Integer> sums = HopperMxGemm.accumulators(tile, half);
            return new WgmmaWait(half, sums, sums.size());
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
            boolean half,
            int wave,
            int depth,
            String modifiers,
            List<Integer> accumulators,
            Operands operands)
            implements OutputModel {}

    /** A product with the weights in registers. */
    record WgmmaRegisters(
            String name,
            String weight,
            String token,
            boolean half,
            int wave,
            int depth,
            String modifiers,
            List<Integer> accumulators,
            Operands operands)
            implements OutputModel {}

    record KeepFragments() implements OutputModel {}

    record SumsOfWave() implements OutputModel {}

    /** The decoder of weights in fragments. */
    static OutputModel fragments(ElementFormat format) {
        return switch (format) {
            case E2M1 -> new E2m1Fragments();
            case E3M2 -> new E3m2Fragments();
            case E2M3, E4M3, E5M2 -> WideFragments.of(format);
        };
    }

    record E2m1Fragments() implements OutputModel {}

    record E3m2Fragments() implements OutputModel {}

    /**
     * Weights that are decoded to BF16.
     *
     * @param down how far a code moves from the high byte of a half to where BF16 has exponent and mantissa
     * @param mask all but the sign there
     */
    record WideFragments(String format, int down, String mask) implements OutputModel {
        static WideFragments of(ElementFormat format) {
            int down = 1 + format.mantissaBits();
            return new WideFragments(format.text(), down, "0x" + HexFormat.of().toHexDigits(0x7f007f00 >> down) + "u");
        }
    }

    record SharedLoop(String pair, String product) implements OutputModel {}

    record RegisterLoop(String pair, String product, String format, int blockBytes) implements OutputModel {}

    record WavesSharedLoop(String pair, String product) implements OutputModel {}

    record WavesRegisterLoop(String pair, String product, String format, int blockBytes) implements OutputModel {}

    record PromotedSharedLoop(String pair, String product, int interval, boolean ragged) implements OutputModel {}

    record PromotedRegisterLoop(
            String pair, String product, int interval, String format, int blockBytes, boolean ragged)
            implements OutputModel {}

    record WholeTile() implements OutputModel {}

    record SplitTile(int parts) implements OutputModel {}

    /** Why sums cannot be stored; empty if they can. */
    static Optional<String> refusal(Epilogue epilogue, ScalarType output) {
        return epilogue == Epilogue.SWIGLU && output == ScalarType.FP32
                ? Optional.of("swiglu on wgmma is for results of 16 bits")
                : Optional.empty();
    }

    /**
     * How sums are stored. Epilogues that look at no other matrix can be done before the sums are rearranged, in the output's width.
     *
     * @param plain whether sums have no factors
     */
    static OutputModel store(Epilogue epilogue, ScalarType output, boolean plain) {
        if (epilogue == Epilogue.SWIGLU) {
            return new PairStore(plain);
        }
        boolean elementwise = epilogue == Epilogue.NONE || epilogue == Epilogue.BIAS;
        return elementwise && output != ScalarType.FP32
                ? new NarrowStore(plain)
                : new WideStore(plain, GemmEpilogue.of(epilogue).matrix());
    }

    /** {@code plain} where sums have no factors; one output of two sums. */
    record PairStore(boolean plain) implements OutputModel {}

    /** {@code plain} where sums have no factors. */
    record NarrowStore(boolean plain) implements OutputModel {}

    /** {@code matrix} is what the epilogue reads of the output's shape, if it does. */
    record WideStore(boolean plain, List<String> matrix) implements OutputModel {}

    /**
     * A partition of the kernel's arguments.
     *
     * @param pair the loop that it is for
     * @param weightBytes size of its weight tiles
     * @param channels of its weight tiles
     * @param ragged whether the loop is told how many tokens there are
     */
    record Partition(int index, String pair, int weightBytes, int channels, boolean ragged) {}

    /**
     * What a product instruction multiplies.
     *
     * @param weight type of the weights
     * @param token type of the activations
     * @param registers whether the weights are in registers
     */
    record Operation(String weight, String token, boolean registers) {
        private static final String BF16 = "bf16";

        /** Operands whose scales are folded into FP8. */
        static Operation folded(FormatPair pair, boolean registers) {
            return new Operation(
                    FoldedFormat.of(pair.weight()).container().text(),
                    FoldedFormat.of(pair.activation()).container().text(),
                    registers);
        }

        /** Operands in BF16, whatever they were. */
        static Operation wide(boolean registers) {
            return new Operation(BF16, BF16, registers);
        }

        /** Whether its sums are FP32 as they are. */
        boolean isWide() {
            return weight.equals(BF16);
        }

        String name() {
            return (registers ? "registers_" : "shared_") + weight + "_" + token;
        }

        OutputModel product(HopperTile tile, boolean half) {
            return product(accumulators(tile, half), half);
        }

        /** The product whose sums these are of a lane. */
        OutputModel product(List<Integer> sums, boolean half) {
            int wave = 2 * sums.size();
            int depth = isWide() ? 16 : 32;
            // Neither negated; 16-bit types in shared memory could be transposed as well.
            String modifiers = !isWide() ? "1, 1" : registers ? "1, 1, 0" : "1, 1, 0, 0";
            return registers
                    ? new WgmmaRegisters(
                            name(), weight, token, half, wave, depth, modifiers, sums, Operands.registers(sums.size()))
                    : new WgmmaShared(
                            name(), weight, token, half, wave, depth, modifiers, sums, Operands.shared(sums.size()));
        }
    }

    /** The K loop of a pair; {@code interval} blocks of 128 channels are summed by the tensor cores in FP8, all of them if 0. */
    static OutputModel loop(FormatPair pair, Operation operation, int interval, HopperTile tile) {
        String product = operation.name();
        boolean promoted = interval > 0 && !operation.isWide();
        boolean whole = tile.wave() == tile.bm();
        if (!operation.registers()) {
            if (promoted) {
                return new PromotedSharedLoop(pair.text(), product, interval, tile.ragged());
            }
            return whole ? new SharedLoop(pair.text(), product) : new WavesSharedLoop(pair.text(), product);
        }
        String format = pair.weight().text();
        int blockBytes = new FragmentTile(pair.weight()).blockBytes();
        if (promoted) {
            return new PromotedRegisterLoop(pair.text(), product, interval, format, blockBytes, tile.ragged());
        }
        return whole
                ? new RegisterLoop(pair.text(), product, format, blockBytes)
                : new WavesRegisterLoop(pair.text(), product, format, blockBytes);
    }

    static List<Integer> accumulators(HopperTile tile, boolean half) {
        return IntStream.range(0, tile.wave() / (half ? 4 : 2)).boxed().toList();
    }
}
