package org.mxforge.runtime.tune.cost;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.mxforge.dsl.shape.GemmWork;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.shape.Work;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.OperandPass;
import org.mxforge.dsl.spec.Pass;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.cuda.driver.CudaDevice;
import org.mxforge.runtime.kernel.KernelProblem;

/**
 * Estimates the time of a GEMM variant: the largest of what its tensor cores, its schedulers, the caches and the memory need, and
 * what no overlap hides. More work or a slower GPU never makes an estimate smaller.
 */
public final class CostModel {
    /** Between two kernels of a stream. */
    private static final double LAUNCH_SECONDS = 2e-6;
    /** From asking memory for a byte to having it, in clocks. */
    private static final double LATENCY_CYCLES = 900;
    /** Resident warps with which tensor cores and schedulers work one after the other; with twice as many, half of that overlaps. */
    private static final double SERIAL_WARPS = 4;

    private static final int WARP = 32;

    /** Milliseconds of a pass that moves nothing: its launch, its first loads and its last stores. */
    private static final double EMPTY_PASS_MILLIS = 0.002;

    /**
     * What a pass moves, read and written, to the bandwidth of the memory: above it, since much of what was written is still in the
     * L2 cache when the GEMM reads it. From passes of 7 to 103 MB on an H100.
     */
    private static final double OF_BANDWIDTH = 1.28;

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
    static CostModel of(GpuModel gpu) {
        return new CostModel(gpu, List.of(new PortableCost(), new ScaledCost(), new HopperCost()));
    }

    /** The model of {@code device}. */
    public static CostModel of(CudaDevice device) {
        return of(device.target(), device.name(), device.multiprocessors());
    }

    /**
     * The model of a GPU.
     *
     * @param target what is compiled for it, which decides for GPUs whose name says nothing
     * @param name as its driver gives it, such as {@code NVIDIA H200}
     * @param multiprocessors as its driver gives them
     * @throws IllegalArgumentException if {@code target} is no GPU
     */
    public static CostModel of(Target target, String name, int multiprocessors) {
        return of(GpuModel.of(target, name, multiprocessors));
    }

    /** The model of a GPU that need not be here, by the name that its driver gives; of the usual one of {@code target} if that says nothing. */
    public static CostModel of(Target target, String name) {
        return of(GpuModel.of(target, name));
    }

    /** The model of the usual GPU of {@code target}. */
    public static CostModel typical(Target target) {
        return of(GpuModel.typical(target));
    }

    /** Whether {@link #of} has the numbers of the very GPU that its driver calls {@code name}, rather than those of a usual one. */
    public static boolean knows(String name) {
        return GpuModel.knows(name);
    }

    /** The GPU. */
    GpuModel gpu() {
        return gpu;
    }

    /** Operations that the GPU's tensor cores do in a clock on elements of {@code bits}. */
    public double flopsPerClock(int bits) {
        return gpu.flopsPerClock(bits);
    }

    /** What {@code variant} should take; empty if no family knows it or the GPU cannot hold one of its blocks. */
    Optional<Estimate> estimate(KernelVariant variant, KernelShape shape) {
        return KernelProblem.of(variant)
                .work(shape)
                .flatMap(work -> work instanceof GemmWork gemm ? estimate(variant, gemm) : Optional.empty());
    }

    /** Milliseconds that {@code variant}, passes included, should take; empty where there is no {@link #estimate}. */
    public OptionalDouble millis(KernelVariant variant, KernelShape shape) {
        Optional<Estimate> estimate = estimate(variant, shape);
        return estimate.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(estimate.get().millis() + passMillis(variant, shape));
    }

    /**
     * What weighs algorithms and layouts of weights against each other, not tiles: {@link #millis} with what is known beside it.
     *
     * @return empty where estimates are not to be trusted
     */
    public OptionalDouble algorithmMillis(KernelVariant variant, KernelShape shape) {
        return AlgorithmCost.of(this, variant, shape);
    }

    /**
     * Whether estimates of {@code problem} are fitted to measurements of such kernels; those on integer tensor cores are reckoned from what
     * these do at most alone.
     */
    public boolean isFitted(KernelProblem problem, KernelShape shape) {
        return problem.work(shape).stream()
                .flatMap(Work::products)
                .flatMap(product -> product.parts().stream())
                .noneMatch(GemmWork.Part::isIntegers);
    }

    /** What {@code variant} should take for {@code work}, passes apart. */
    Optional<Estimate> estimate(KernelVariant variant, GemmWork work) {
        return block(variant, work).flatMap(block -> estimate(work, block));
    }

    /** Milliseconds of the passes before the kernel of {@code variant}; 0 if there are none. */
    public double passMillis(KernelVariant variant, KernelShape shape) {
        double millis = 0;
        for (Pass pass : variant.algorithm().passes(variant.spec())) {
            int channels = shape.k().get(pass.partition());
            boolean weight = pass.side() == Side.WEIGHT;
            int rows = weight ? shape.columns().orElseThrow() : shape.experts() * shape.m();
            int count = weight ? shape.experts() : 1;
            if (channels > 0) {
                millis += count * (EMPTY_PASS_MILLIS + moved(pass.spec(), rows, channels));
            }
        }
        return millis;
    }

    private double moved(OperandPass pass, int rows, int channels) {
        double bytes = (double) pass.from().elementBytes(pass.format(), rows, channels)
                + pass.to().elementBytes(pass.format(), rows, channels);
        return 1e3 * bytes / (OF_BANDWIDTH * gpu.memoryBandwidth());
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
        return 1e3 * Math.max(tensorSeconds(work), work.bytes() / gpu.memoryBandwidth());
    }

    /**
     * What no kernel exceeds on this GPU.
     *
     * @param bandwidth of the memory, in bytes per second
     * @param rate at which products of some formats are made at most, in FLOP per second
     */
    public record Roof(double bandwidth, double rate) {}

    /** The roof over {@code work}, which has products. */
    public Roof roof(Work work) {
        return new Roof(gpu.memoryBandwidth(), 2 * work.macs() / tensorSeconds(work));
    }

    private double tensorSeconds(Work work) {
        return work.products().mapToDouble(this::tensorCycles).sum()
                / (gpu.multiprocessors() * gpu.boostMegahertz() * 1e6);
    }

    /** Clocks that the tensor cores of one multiprocessor need at least. */
    private double tensorCycles(GemmWork work) {
        return work.parts().stream()
                .mapToDouble(part -> work.macs(part) / gpu.tensor().most(part))
                .sum();
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
