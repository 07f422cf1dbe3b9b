package org.mxforge.dsl.shape;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.GroupLayout;

/**
 * What a GEMM has to do, whatever kernel does it.
 *
 * @param m rows
 * @param n columns of the product
 * @param parts its partitions along K
 * @param outputs columns of the result, half of {@code n} where two sums make one
 * @param outputBytes bytes of one output element
 * @param epilogueBytes bytes of the epilogue's operand, the whole of it
 */
public record GemmWork(int m, int n, List<Part> parts, int outputs, int outputBytes, long epilogueBytes)
        implements Work {
    private static final int BF16_BITS = 16;
    private static final int INT8_BITS = 8;

    /**
     * One partition.
     *
     * @param k channels
     * @param pair formats of its elements; empty where both sides are plain BF16 or INT8
     * @param groups how many elements share a scale; of no meaning where they are not packed
     * @param plainBits width of elements that are not packed: 16 of BF16, or 8 of INT8, a row of which has one scale
     */
    public record Part(int k, Optional<FormatPair> pair, GroupLayout groups, int plainBits) {
        /** A partition of packed elements. */
        public static Part packed(int k, FormatPair pair, GroupLayout groups) {
            return new Part(k, Optional.of(pair), groups, 0);
        }

        /** A partition of plain BF16. */
        public static Part plain(int k) {
            return new Part(k, Optional.empty(), GroupLayout.MX, BF16_BITS);
        }

        /** A partition of INT8, whose sums are integers. */
        public static Part integers(int k) {
            return new Part(k, Optional.empty(), GroupLayout.MX, INT8_BITS);
        }

        /** Whether it is of INT8. */
        public boolean isIntegers() {
            return plainBits == INT8_BITS;
        }

        /** Width of an activation element. */
        public int activationBits() {
            return pair.map(formats -> formats.activation().bits()).orElse(plainBits);
        }

        /** Width of a weight element. */
        public int weightBits() {
            return pair.map(formats -> formats.weight().bits()).orElse(plainBits);
        }

        /** Width of the wider operand's elements. */
        public int bits() {
            return Math.max(activationBits(), weightBits());
        }

        /** Bytes of one row of activations, scales included. */
        public double activationRow() {
            return row(activationBits());
        }

        /** Bytes of one row of weights, scales included. */
        public double weightRow() {
            return row(weightBits());
        }

        private double row(int bits) {
            return k * (bits / 8.0 + (pair.isPresent() ? 1.0 / groups.size() : 0)) + (isIntegers() ? Float.BYTES : 0);
        }
    }

    public GemmWork {
        parts = List.copyOf(parts);
    }

    /** Whether no operand is packed: both are BF16, or both are INT8. */
    public boolean isPlain() {
        return parts.stream().allMatch(part -> part.pair().isEmpty());
    }

    /** Multiply-adds of one of {@link #parts()}. */
    public double macs(Part part) {
        return (double) m * n * part.k();
    }

    @Override
    public double macs() {
        return parts.stream().mapToDouble(this::macs).sum();
    }

    @Override
    public Stream<GemmWork> products() {
        return Stream.of(this);
    }

    /** Operands, scales, epilogue's operand and output. */
    @Override
    public long bytes() {
        double operands = parts.stream()
                .mapToDouble(part -> m * part.activationRow() + n * part.weightRow())
                .sum();
        return (long) Math.ceil(operands) + epilogueBytes + written();
    }

    @Override
    public long written() {
        return (long) outputBytes * m * outputs;
    }
}
