package org.mxforge.runtime.tune.cost;

import java.util.Optional;
import org.mxforge.dsl.shape.GemmWork;
import org.mxforge.dsl.space.Expression;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.tile.MmaTiling;
import org.mxforge.dsl.tile.SharedTile;

/**
 * The portable family: tiles of {@code bm x bn} by {@code wm x wn} warps, {@code bk} of K in each of {@code stages} stages,
 * packed operands decoded to BF16 between shared memory and the tensor cores.
 */
final class PortableCost implements FamilyCost {
    private static final int LANES = 32;
    /** Registers of a thread beside its accumulators: fragments, addresses, scales. */
    private static final int OTHER_REGISTERS = 80;
    /** A barrier and the wait for its slowest warp, once in a stage. */
    private static final double BARRIER_CYCLES = 60;
    /** From the launch of a block to its first product, and from its last product to its end. */
    private static final double ENDS_CYCLES = 2500;
    /** Instructions of a warp for one {@code mma} of 16x8x16, its share of loads and loop included. */
    private static final double PRODUCT_INSTRUCTIONS = 1.5;
    /** Instructions of a lane for one output element. */
    private static final double OUTPUT_INSTRUCTIONS = 4;
    /** Bytes that one asynchronous copy of a lane moves, and its instructions. */
    private static final double COPY_BYTES = 16;

    private static final double COPY_INSTRUCTIONS = 4;

    @Override
    public Optional<BlockCost> block(KernelVariant variant, GemmWork work, GpuModel gpu) {
        if (!(variant.tiling() instanceof MmaTiling tiling)) {
            return Optional.empty();
        }
        int bm = tiling.block().m();
        int bn = tiling.block().n();
        int warpRows = tiling.warps().m();
        int warpColumns = tiling.warps().n();
        int stages = tiling.pipeline().stages();
        int stageBytes = Math.toIntExact(stage(work).evaluate(variant.configuration()));
        int threads = tiling.warps().threads();
        double products = 0;
        double instructions = OUTPUT_INSTRUCTIONS * bm * bn / LANES;
        double bytes = 2.0 * work.outputBytes() * bm * bn;
        long steps = 0;
        for (GemmWork.Part part : work.parts()) {
            double fragments = bm / 16.0 * (bn / 8.0) * (part.k() / 16.0);
            double loaded = bm * part.activationRow() + bn * part.weightRow();
            // Each warp decodes its own fragments, so a row of A is decoded once for each warp along the columns.
            double decoded = (double) part.k()
                    * (warpColumns * bm * decode(part.activationBits()) + warpRows * bn * decode(part.weightBits()));
            products += fragments;
            instructions += PRODUCT_INSTRUCTIONS * fragments
                    + decoded / LANES
                    + loaded / COPY_BYTES / LANES * COPY_INSTRUCTIONS;
            bytes += loaded;
            steps += ceil(part.k(), tiling.block().k());
        }
        return Optional.of(new BlockCost(
                ceil(work.m(), bm) * ceil(work.n(), bn),
                threads,
                bm / warpRows * (bn / warpColumns) / LANES + OTHER_REGISTERS,
                stages * stageBytes,
                products * 16 * 8 * 16 / gpu.tensor().portable(),
                instructions / gpu.warpInstructions(),
                ENDS_CYCLES + BARRIER_CYCLES * steps,
                bytes,
                (stages - 1.0) * stageBytes));
    }

    /** Instructions of a lane to make one BF16 value from its code and scale; wide codes need no unpacking, plain ones nothing. */
    private static double decode(int bits) {
        return switch (bits) {
            case 4 -> 1.25;
            case 6 -> 1.75;
            case 8 -> 1.25;
            default -> 0.15;
        };
    }

    private static Expression stage(GemmWork work) {
        return work.isPlain()
                ? SharedTile.plainStage()
                : SharedTile.packedStage(
                        work.parts().stream()
                                .mapToInt(GemmWork.Part::activationBits)
                                .max()
                                .orElseThrow(),
                        work.parts().stream()
                                .mapToInt(GemmWork.Part::weightBits)
                                .max()
                                .orElseThrow());
    }

    private static long ceil(long dividend, long divisor) {
        return (dividend + divisor - 1) / divisor;
    }
}
