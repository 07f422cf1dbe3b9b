package org.mxforge.runtime.kernel;

import java.util.OptionalDouble;
import java.util.function.BiFunction;
import org.mxforge.dsl.layout.ContainerTile;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.FragmentTile;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.MxGemmSpec;

/**
 * Whether the packed weights of a GEMM are better unpacked to FP8 by a pass of their own than decoded again for each tile of
 * tokens. The pass costs the same however many tokens there are, while the GEMM behind it is up to a quarter faster than the one
 * that decodes: it pays for thousands of tokens, for E3M2 sooner than for E2M1.
 *
 * @param memoryBandwidth bytes per second of the GPU
 */
public record UnpackChoice(double memoryBandwidth) {
    /** Milliseconds of a pass that moves nothing: its launch, its first loads and its last stores. */
    private static final double EMPTY_PASS_MILLIS = 0.002;

    /**
     * What a pass moves, read and written, to the bandwidth of the memory: above it, since much of what was written is still in the
     * L2 cache when the GEMM reads it. From passes of 7 to 103 MB on an H100.
     */
    private static final double OF_BANDWIDTH = 1.28;

    /** The longest pass that can pay, to the GEMM that decodes. */
    private static final double LONGEST_PASS = 0.2;

    /** Where nothing is unpacked. */
    public static final UnpackChoice NEVER = new UnpackChoice(0);

    /** The GEMM that comes behind the pass of {@code streamed}. */
    public static KernelProblem unpacked(KernelProblem streamed) {
        return new KernelProblem(streamed.spec(), OperandLayout.CONTAINERS);
    }

    /**
     * Decides by what was measured; what was not is never unpacked.
     *
     * @param millis how long the best variant of a GEMM was measured to take; the GEMM behind the pass is asked about only if it can
     *     pay
     */
    public boolean pays(
            KernelProblem streamed, GemmShape shape, BiFunction<KernelProblem, GemmShape, OptionalDouble> millis) {
        double pass = passMillis(streamed, shape);
        if (pass == 0) {
            return false;
        }
        OptionalDouble decoding = millis.apply(streamed, shape);
        if (decoding.isEmpty() || pass > LONGEST_PASS * decoding.getAsDouble()) {
            return false;
        }
        OptionalDouble behind = millis.apply(unpacked(streamed), shape);
        return behind.isPresent() && pass + behind.getAsDouble() < decoding.getAsDouble();
    }

    /** Milliseconds of the passes over all partitions in fragments; 0 if there are none. */
    private double passMillis(KernelProblem streamed, GemmShape shape) {
        if (streamed.layout() != OperandLayout.FRAGMENTS || !(streamed.spec() instanceof MxGemmSpec gemm)) {
            return 0;
        }
        double millis = 0;
        for (int i = 0; i < gemm.pairs().size(); i++) {
            FormatPair pair = gemm.pairs().get(i);
            int channels = shape.k().get(i);
            if (FragmentTile.holds(pair.weight()) && channels > 0) {
                double moved = (double) shape.n()
                        * channels
                        * (1 + new FragmentTile(pair.weight()).tileBytes() / (double) ContainerTile.BYTES);
                millis += EMPTY_PASS_MILLIS + 1e3 * moved / (OF_BANDWIDTH * memoryBandwidth);
            }
        }
        return millis;
    }
}
