package org.mxforge.runtime.tune.cost;

import java.util.Optional;
import org.mxforge.dsl.shape.GemmWork;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.tile.ScaledMmaTiling;

/**
 * The kernels on block-scaled {@code mma.sync} of sm_120a. Instructions are counted in the emitted text, rates are the published ones of the
 * tensor cores: nothing of it was measured.
 */
final class ScaledCost implements FamilyCost, MmaCost.Products {
    /** Channels of a step of any pair, to the 16 that {@link MmaCost} counts by; those of 4 bits on both sides take twice as many. */
    private static final double STEP = 2;

    @Override
    public Optional<BlockCost> block(KernelVariant variant, GemmWork work, GpuModel gpu) {
        return variant.tiling() instanceof ScaledMmaTiling tiling
                ? Optional.of(new MmaCost(tiling.block(), tiling.warps(), tiling.pipeline(), variant.configuration())
                        .of(work, gpu, this))
                : Optional.empty();
    }

    @Override
    public double rate(GemmWork.Part part, TensorRates tensor) {
        return tensor.most(part.bits());
    }

    @Override
    public double instructions(GemmWork.Part part) {
        return part.bits() == 4 ? 1 / (2 * STEP) : 1 / STEP;
    }

    /** Eight codes are one or two loads, and what takes narrow ones apart where the other side is wider. */
    @Override
    public double decode(GemmWork.Part part, int bits) {
        return switch (bits) {
            case 4 -> part.bits() == 4 ? 0.125 : 0.9;
            case 6 -> 2.5;
            default -> 0.125;
        };
    }
}
