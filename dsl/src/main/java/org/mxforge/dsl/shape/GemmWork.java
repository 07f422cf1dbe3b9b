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
    private static final int PLAIN_BITS = 16;

    /**
     * One partition.
     *
     * @param k channels
     * @param pair formats of its elements; empty where both sides are plain BF16
     * @param groups how many elements share a scale; of no meaning where there are none
     */
    public record Part(int k, Optional<FormatPair> pair, GroupLayout groups) {
        /** A partition of packed elements. */
        public static Part packed(int k, FormatPair pair, GroupLayout groups) {
            return new Part(k, Optional.of(pair), groups);
        }

        /** A partition of plain BF16. */
        public static Part plain(int k) {
            return new Part(k, Optional.empty(), GroupLayout.MX);
        }

        /** Width of an activation element, 16 when it is plain BF16. */
        public int activationBits() {
            return pair.map(formats -> formats.activation().bits()).orElse(PLAIN_BITS);
        }

        /** Width of a weight element, 16 when it is plain BF16. */
        public int weightBits() {
            return pair.map(formats -> formats.weight().bits()).orElse(PLAIN_BITS);
        }

        /** Width of the wider operand's elements. */
        public int bits() {
            return Math.max(activationBits(), weightBits());
        }

        /** Bytes of one row of activations, scales included. */
        public double activationRow() {
            return k * bytesPerElement(activationBits());
        }

        /** Bytes of one row of weights, scales included. */
        public double weightRow() {
            return k * bytesPerElement(weightBits());
        }

        private double bytesPerElement(int bits) {
            return bits / 8.0 + (pair.isPresent() ? 1.0 / groups.size() : 0);
        }
    }

    public GemmWork {
        parts = List.copyOf(parts);
    }

    /** Whether both operands are plain BF16. */
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
