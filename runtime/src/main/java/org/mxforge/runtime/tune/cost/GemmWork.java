package org.mxforge.runtime.tune.cost;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.spec.DenseGemmSpec;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.runtime.kernel.GemmShape;
import org.mxforge.runtime.kernel.KernelShape;

/**
 * What a GEMM has to do, whatever kernel does it.
 *
 * @param m rows
 * @param n columns
 * @param parts its partitions along K
 * @param outputBytes bytes of one output element
 * @param epilogueBytes bytes of the epilogue's operand, the whole of it
 */
public record GemmWork(int m, int n, List<Part> parts, int outputBytes, long epilogueBytes) implements Work {
    private static final int PLAIN_BITS = 16;

    /**
     * One partition.
     *
     * @param k channels
     * @param activationBits width of an activation element, 16 when it is plain BF16
     * @param weightBits width of a weight element, 16 when it is plain BF16
     */
    public record Part(int k, int activationBits, int weightBits) {
        private static double bytesPerElement(int bits) {
            return bits / 8.0 + (bits == PLAIN_BITS ? 0 : 1.0 / GroupLayout.GROUP);
        }

        /** Width of the wider operand's elements. */
        int bits() {
            return Math.max(activationBits, weightBits);
        }

        /** Bytes of one row of activations, scales included. */
        public double activationRow() {
            return k * bytesPerElement(activationBits);
        }

        /** Bytes of one row of weights, scales included. */
        public double weightRow() {
            return k * bytesPerElement(weightBits);
        }
    }

    public GemmWork {
        parts = List.copyOf(parts);
    }

    /** The work of {@code spec} on {@code size}; empty if it is no GEMM of so many partitions. */
    public static Optional<GemmWork> of(KernelSpec spec, KernelShape size) {
        if (!(size instanceof GemmShape shape)) {
            return Optional.empty();
        }
        if (spec instanceof MxGemmSpec mixed
                && mixed.pairs().size() == shape.k().size()) {
            List<Part> parts = new ArrayList<>();
            for (int i = 0; i < mixed.pairs().size(); i++) {
                FormatPair pair = mixed.pairs().get(i);
                parts.add(new Part(
                        shape.k().get(i),
                        pair.activation().bits(),
                        pair.weight().bits()));
            }
            return Optional.of(of(shape, parts, mixed.epilogue(), mixed.output().bytes()));
        }
        if (spec instanceof DenseGemmSpec plain && shape.k().size() == 1) {
            List<Part> part = List.of(new Part(shape.k().get(0), PLAIN_BITS, PLAIN_BITS));
            return Optional.of(of(shape, part, plain.epilogue(), plain.output().bytes()));
        }
        return Optional.empty();
    }

    private static GemmWork of(GemmShape shape, List<Part> parts, Epilogue epilogue, int outputBytes) {
        long epilogueOperand =
                switch (epilogue) {
                    case NONE -> 0;
                    case BIAS -> 2L * shape.n();
                    case RESIDUAL, SILU_MUL -> (long) outputBytes * shape.m() * shape.n();
                };
        return new GemmWork(shape.m(), shape.n(), parts, outputBytes, epilogueOperand);
    }

    @Override
    public double macs() {
        return parts.stream().mapToDouble(this::macs).sum();
    }

    double macs(Part part) {
        return (double) m * n * part.k();
    }

    @Override
    public double tensorCycles(TensorRates rates) {
        return parts.stream()
                .mapToDouble(part -> macs(part) / rates.most(part.bits()))
                .sum();
    }

    /** Operands, scales, epilogue's operand and output. */
    @Override
    public long bytes() {
        double operands = parts.stream()
                .mapToDouble(part -> m * part.activationRow() + n * part.weightRow())
                .sum();
        return (long) Math.ceil(operands) + epilogueBytes + (long) outputBytes * m * n;
    }
}
