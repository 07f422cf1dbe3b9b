package org.mxforge.runtime.tune.cost;

import java.util.Optional;
import org.mxforge.dsl.shape.GemmWork;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.tile.MmaTiling;

/** The portable family: packed operands decoded to BF16 between shared memory and the tensor cores. */
final class PortableCost implements FamilyCost, MmaCost.Products {
    @Override
    public Optional<BlockCost> block(KernelVariant variant, GemmWork work, GpuModel gpu) {
        return variant.tiling() instanceof MmaTiling tiling
                ? Optional.of(new MmaCost(tiling.block(), tiling.warps(), tiling.pipeline(), variant.configuration())
                        .of(work, gpu, this))
                : Optional.empty();
    }

    @Override
    public double rate(GemmWork.Part part, TensorRates tensor) {
        return part.isIntegers() ? tensor.portableIntegers() : tensor.portable();
    }

    @Override
    public double instructions(GemmWork.Part part) {
        return 1.5;
    }

    /** Instructions of a lane to make one BF16 value from its code and scale; wide codes need no unpacking, plain values nothing. */
    @Override
    public double decode(GemmWork.Part part, int bits) {
        if (part.pair().isEmpty()) {
            return 0.15;
        }
        return switch (bits) {
            case 4 -> 1.25;
            case 6 -> 1.75;
            default -> 1.25;
        };
    }
}
