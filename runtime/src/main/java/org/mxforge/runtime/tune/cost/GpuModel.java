package org.mxforge.runtime.tune.cost;

import java.util.Map;
import org.mxforge.dsl.target.Target;

/**
 * The numbers of a GPU that bound a GEMM.
 *
 * @param name what they describe, such as {@code H200}
 * @param multiprocessors streaming multiprocessors
 * @param megahertz clock under a sustained GEMM, below the boost clock on power-limited cards
 * @param boostMegahertz the highest clock it ever has
 * @param tensor rates of its tensor cores
 * @param warpInstructions warp instructions issued in a clock on one multiprocessor
 * @param sharedBytes shared memory of one multiprocessor
 * @param threads most resident threads of one multiprocessor
 * @param memoryBandwidth of the device memory, in bytes per second
 * @param cacheBytes size of the L2 cache
 * @param cacheBandwidth of the L2 cache, in bytes per second
 */
record GpuModel(
        String name,
        int multiprocessors,
        int megahertz,
        int boostMegahertz,
        TensorRates tensor,
        int warpInstructions,
        int sharedBytes,
        int threads,
        double memoryBandwidth,
        long cacheBytes,
        double cacheBandwidth) {
    /** 32-bit registers of one multiprocessor, on all targets. */
    static final int REGISTERS = 64 << 10;

    private static final TensorRates AMPERE = new TensorRates(1024, 1024, 1024, 1024, 2048);
    private static final TensorRates HOPPER = new TensorRates(1270, 2048, 4096, 4096, 4096);

    private static final GpuModel A100 =
            new GpuModel("A100", 108, 1350, 1410, AMPERE, 4, 164 << 10, 2048, 2.04e12, 40L << 20, 5.0e12);
    private static final GpuModel RTX3090 = new GpuModel(
            "RTX 3090",
            82,
            1600,
            1740,
            new TensorRates(256, 256, 256, 256, 1024),
            4,
            100 << 10,
            1536,
            0.94e12,
            6L << 20,
            2.5e12);
    private static final GpuModel H100 =
            new GpuModel("H100", 132, 1500, 1980, HOPPER, 4, 228 << 10, 2048, 3.35e12, 50L << 20, 6.5e12);
    private static final GpuModel H100_PCIE =
            new GpuModel("H100 PCIe", 114, 1500, 1755, HOPPER, 4, 228 << 10, 2048, 2.0e12, 50L << 20, 6.5e12);
    private static final GpuModel H200 =
            new GpuModel("H200", 132, 1500, 1980, HOPPER, 4, 228 << 10, 2048, 4.8e12, 60L << 20, 6.5e12);
    private static final GpuModel B200 = new GpuModel(
            "B200",
            148,
            1600,
            1965,
            new TensorRates(1024, 4096, 8192, 16384, 8192),
            4,
            228 << 10,
            2048,
            7.7e12,
            126L << 20,
            10e12);
    private static final GpuModel RTX5090 = new GpuModel(
            "RTX 5090",
            170,
            2300,
            2850,
            new TensorRates(256, 256, 1024, 2048, 1024),
            4,
            100 << 10,
            1536,
            1.79e12,
            96L << 20,
            7e12);

    /** By the name that the driver gives. */
    private static final Map<String, GpuModel> KNOWN = Map.of(
            "NVIDIA A100-SXM4-80GB", A100,
            "NVIDIA H100 80GB HBM3", H100,
            "NVIDIA H100 PCIe", H100_PCIE,
            "NVIDIA H200", H200,
            "NVIDIA B200", B200,
            "NVIDIA GeForce RTX 3090", RTX3090,
            "NVIDIA GeForce RTX 5090", RTX5090);

    public GpuModel {
        if (multiprocessors <= 0
                || megahertz <= 0
                || boostMegahertz < megahertz
                || warpInstructions <= 0
                || sharedBytes <= 0
                || threads <= 0
                || !(memoryBandwidth > 0)
                || cacheBytes <= 0
                || !(cacheBandwidth > 0)) {
            throw new IllegalArgumentException("the numbers of GPU " + name + " are not all positive");
        }
    }

    /**
     * The numbers of a GPU.
     *
     * @param target what is compiled for it, which decides for GPUs whose name says nothing
     * @param name as its driver gives it, such as {@code NVIDIA H200}
     * @param multiprocessors as its driver gives them
     * @throws IllegalArgumentException if {@code target} is no GPU
     */
    static GpuModel of(Target target, String name, int multiprocessors) {
        return of(target, name).with(multiprocessors);
    }

    /** The numbers of a GPU whose multiprocessors nobody counted: those that most of this name have. */
    static GpuModel of(Target target, String name) {
        GpuModel usual = target == Target.SM_90A && name.contains("H200") ? H200 : typical(target);
        return KNOWN.getOrDefault(name, usual);
    }

    /** Whether {@link #of} has the numbers of the very GPU that its driver calls {@code name}, rather than those of a usual one. */
    static boolean knows(String name) {
        return KNOWN.containsKey(name);
    }

    /** The numbers of the usual GPU of {@code target}. */
    static GpuModel typical(Target target) {
        return switch (target) {
            case SM_80 -> A100;
            case SM_86 -> RTX3090;
            case SM_90A -> H100;
            case SM_100A -> B200;
            case SM_120A -> RTX5090;
            case CPU -> throw new IllegalArgumentException("the CPU is no GPU");
        };
    }

    private GpuModel with(int count) {
        return new GpuModel(
                name,
                count,
                megahertz,
                boostMegahertz,
                tensor,
                warpInstructions,
                sharedBytes,
                threads,
                memoryBandwidth,
                cacheBytes,
                cacheBandwidth);
    }

    /** Operations that its tensor cores do in a clock on elements of {@code bits}. */
    double flopsPerClock(int bits) {
        return 2.0 * tensor.most(bits) * multiprocessors;
    }

    /** Clocks in a second. */
    double hertz() {
        return megahertz * 1e6;
    }
}
