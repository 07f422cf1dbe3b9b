package org.mxforge.runtime.bench;

import java.util.Map;
import java.util.Optional;

/**
 * What a class of GPU cannot exceed, from NVIDIA's data sheets: no kernel is faster than the longer of moving its bytes and doing
 * its operations at these rates. Real kernels stay below: a power limit holds an H200 near 1,300 TFLOP/s, its memory copies at 4.25
 * TB/s.
 *
 * @param bytesPerSecond memory bandwidth
 * @param flops dense operations a second of the fastest tensor instruction that MX operands fit without loss: FP8, or BF16 where
 *     there is none
 */
public record DevicePeaks(double bytesPerSecond, double flops) {
    /** By the name the driver gives. */
    private static final Map<String, DevicePeaks> CLASSES = Map.of(
            "NVIDIA H200", new DevicePeaks(4.8e12, 1979e12),
            "NVIDIA H100 80GB HBM3", new DevicePeaks(3.35e12, 1979e12),
            "NVIDIA H100 PCIe", new DevicePeaks(2.0e12, 1513e12),
            "NVIDIA A100-SXM4-80GB", new DevicePeaks(2.039e12, 312e12));

    /** The peaks of the GPU that the driver calls {@code name}; empty if it is none of the classes known here. */
    public static Optional<DevicePeaks> of(String name) {
        return Optional.ofNullable(CLASSES.get(name));
    }

    /** Least milliseconds that work of so many bytes and operations takes. */
    public double floorMillis(double bytes, double operations) {
        return 1e3 * Math.max(bytes / bytesPerSecond, operations / flops);
    }
}
