package org.mxforge.runtime.tune.cost;

import org.mxforge.dsl.shape.GemmWork;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.space.Expression;
import org.mxforge.dsl.tile.Pipeline;
import org.mxforge.dsl.tile.SharedTile;
import org.mxforge.dsl.tile.TileShape;
import org.mxforge.dsl.tile.WarpGrid;

/**
 * Kernels on {@code mma.sync}: tiles of {@code bm x bn} by {@code wm x wn} warps, {@code bk} of K in each of {@code stages} stages;
 * of INT8, {@code bk} pairs of channels.
 *
 * @param block tile of a thread block
 * @param warps how warps share it
 * @param pipeline stages in shared memory
 * @param configuration the same in numbers
 */
record MmaCost(TileShape block, WarpGrid warps, Pipeline pipeline, Configuration configuration) {
    private static final int LANES = 32;
    /** Registers of a thread beside its accumulators: fragments, addresses, scales. */
    private static final int OTHER_REGISTERS = 80;
    /** A barrier and the wait for its slowest warp, once in a stage. */
    private static final double BARRIER_CYCLES = 60;
    /** From the launch of a block to its first product, and from its last product to its end. */
    private static final double ENDS_CYCLES = 2500;
    /** Instructions of a lane for one output element. */
    private static final double OUTPUT_INSTRUCTIONS = 4;
    /** Bytes that one asynchronous copy of a lane moves, and its instructions. */
    private static final double COPY_BYTES = 16;

    private static final double COPY_INSTRUCTIONS = 4;

    /** What the tensor cores and the lanes of a family do. */
    interface Products {
        /** Multiply-adds that the tensor cores of a multiprocessor do in a clock. */
        double rate(GemmWork.Part part, TensorRates tensor);

        /** Instructions of a warp for the product of 16 rows, 8 columns and 16 channels, its share of loads and loop included. */
        double instructions(GemmWork.Part part);

        /** Instructions of a lane to make one element of {@code bits} what tensor cores read. */
        double decode(GemmWork.Part part, int bits);
    }

    BlockCost of(GemmWork work, GpuModel gpu, Products family) {
        int bm = block.m();
        int bn = block.n();
        int warpRows = warps.m();
        int warpColumns = warps.n();
        int stages = pipeline.stages();
        int stageBytes = Math.toIntExact(stage(work).evaluate(configuration));
        double tensor = 0;
        double instructions = OUTPUT_INSTRUCTIONS * bm * bn / LANES;
        double bytes = 2.0 * work.outputBytes() * bm * bn;
        long steps = 0;
        for (GemmWork.Part part : work.parts()) {
            // In shared memory and registers two channels in INT8 are as one in BF16.
            double values = part.isIntegers() ? part.k() / 2.0 : part.k();
            double fragments = bm / 16.0 * (bn / 8.0) * (values / 16.0);
            double loaded = bm * part.activationRow() + bn * part.weightRow();
            // Each warp decodes its own fragments, so a row of A is decoded once for each warp along the columns.
            double decoded = values
                    * (warpColumns * bm * family.decode(part, part.activationBits())
                            + warpRows * bn * family.decode(part, part.weightBits()));
            tensor += (double) bm * bn * part.k() / family.rate(part, gpu.tensor());
            instructions += family.instructions(part) * fragments
                    + decoded / LANES
                    + loaded / COPY_BYTES / LANES * COPY_INSTRUCTIONS;
            bytes += loaded;
            steps += ceil((long) Math.ceil(values), block.k());
        }
        return new BlockCost(
                ceil(work.m(), bm) * ceil(work.n(), bn),
                warps.threads(),
                bm / warpRows * (bn / warpColumns) / LANES + OTHER_REGISTERS,
                stages * stageBytes,
                tensor,
                instructions / gpu.warpInstructions(),
                ENDS_CYCLES + BARRIER_CYCLES * steps,
                bytes,
                (stages - 1.0) * stageBytes);
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
