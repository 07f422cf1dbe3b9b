package org.mxforge.runtime.tune.cost;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.runtime.cuda.driver.CudaDevice;
import org.mxforge.runtime.kernel.KernelShape;

/**
 * Estimates the time of a GEMM variant: the largest of what its tensor cores, its schedulers, the caches and the memory need, and
 * what no overlap hides. More work or a slower GPU never makes an estimate smaller.
 *
 */
public final class CostModel {
    /** Between two kernels of a stream. */
    private static final double LAUNCH_SECONDS = 2e-6;
    /** From asking memory for a byte to having it, in clocks. */
    private static final double LATENCY_CYCLES = 900;
    /** Resident warps with which tensor cores and schedulers work one after the other; with twice as many, half of that overlaps. */
    private static final double SERIAL_WARPS = 4;

    private static final int WARP = 32;

    private final GpuModel gpu;
    private final List<FamilyCost> families;

    /**
     * @param gpu the GPU
     * @param families who knows what blocks do, asked in turn
     */
    CostModel(GpuModel gpu, List<FamilyCost> families) {
        this.gpu = gpu;
        this.families = List.copyOf(families);
    }

    /** The model for all families that there are. */
    public static CostModel of(GpuModel gpu) {
        return new CostModel(gpu, List.of(new PortableCost(), new HopperCost()));
    }

    /** The GPU. */
    public GpuModel gpu() {
        return gpu;
    }

    /** The model of {@code device}. */
    public static CostModel of(CudaDevice device) {
        return of(GpuModel.of(device.target(), device.name(), device.multiprocessors()));
    }

    /** What {@code variant} should take; empty if no family knows it or the GPU cannot hold one of its blocks. */
    Optional<Estimate> estimate(KernelVariant variant, KernelShape shape) {
        return GemmWork.of(variant.spec(), shape)
                .flatMap(work -> block(variant, work).flatMap(block -> estimate(work, block)));
    }

    /** Milliseconds that {@code variant} should take; empty where there is no {@link #estimate}. */
    public OptionalDouble millis(KernelVariant variant, KernelShape shape) {
        Optional<Estimate> estimate = estimate(variant, shape);
        return estimate.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(estimate.get().millis());
    }

    private Optional<BlockCost> block(KernelVariant variant, GemmWork work) {
        return families.stream()
                .flatMap(family -> family.block(variant, work, gpu).stream())
                .findFirst();
    }

    private Optional<Estimate> estimate(GemmWork work, BlockCost block) {
        int occupancy = block.occupancy(gpu);
        if (occupancy == 0) {
            return Optional.empty();
        }
        // Blocks are dealt out one by one, so the busiest multiprocessor has this many, up to `occupancy` of them at a
        // time.
        long busiest = ceil(block.blocks(), gpu.multiprocessors());
        long together = Math.min(busiest, occupancy);
        long waves = ceil(busiest, occupancy);
        double tensor = busiest * block.tensorCycles();
        double core = busiest * block.coreCycles();
        double warps = together * block.threads() / (double) WARP;
        double busy = Math.max(tensor, core) + Math.min(1, SERIAL_WARPS / warps) * Math.min(tensor, core);
        double serial = waves * block.serialCycles();
        // Little's law: what is under way at a time arrives once in a latency.
        double loading = busiest * block.bytes() * LATENCY_CYCLES / (together * block.bytesInFlight());
        double traffic = block.blocks() * block.bytes();
        double seconds = Math.max(
                Math.max(busy, loading) / gpu.hertz(),
                Math.max(work.bytes() / gpu.memoryBandwidth(), traffic / gpu.cacheBandwidth()));
        return Optional.of(new Estimate(
                work.bytes(),
                traffic,
                tensor,
                core,
                occupancy,
                waves,
                block.sharedBytes(),
                1e3 * (seconds + serial / gpu.hertz() + LAUNCH_SECONDS)));
    }

    private static long ceil(long dividend, long divisor) {
        return (dividend + divisor - 1) / divisor;
    }

    /**
     * The time below which no kernel can be, in milliseconds: all bytes once at the memory's bandwidth, or all products at the highest
     * rate and clock of the tensor cores.
     */
    public double floor(Work work) {
        double arithmetic = work.tensorCycles(gpu.tensor()) / (gpu.multiprocessors() * gpu.boostMegahertz() * 1e6);
        return 1e3 * Math.max(arithmetic, work.bytes() / gpu.memoryBandwidth());
    }

    /**
     * What the cost model expects of one variant on one shape.
     *
     * @param bytes bytes that have to cross the device memory
     * @param traffic bytes that cross the L2 cache
     * @param tensorCycles clocks of the busiest multiprocessor's tensor cores
     * @param coreCycles clocks in which its schedulers issue everything else
     * @param occupancy blocks that a multiprocessor holds at a time
     * @param waves times that the GPU is filled with blocks
     * @param sharedBytes shared memory of a block
     * @param millis time, in milliseconds
     */
    record Estimate(
            long bytes,
            double traffic,
            double tensorCycles,
            double coreCycles,
            int occupancy,
            long waves,
            int sharedBytes,
            double millis) {}
}
