package org.mxforge.runtime.tune.cost;

/**
 * What one thread block of a kernel does and takes up.
 *
 * @param blocks how many of them the grid has
 * @param threads threads
 * @param registers registers of a thread
 * @param sharedBytes shared memory
 * @param tensorCycles clocks of a multiprocessor's tensor cores
 * @param coreCycles clocks in which a multiprocessor's schedulers issue everything else
 * @param serialCycles clocks that pass while nothing else of this block goes on: filling the pipeline, barriers, the epilogue's end
 * @param bytes what it reads and writes beyond its multiprocessor
 * @param bytesInFlight most bytes it has under way at a time
 */
record BlockCost(
        long blocks,
        int threads,
        int registers,
        int sharedBytes,
        double tensorCycles,
        double coreCycles,
        double serialCycles,
        double bytes,
        double bytesInFlight) {
    public BlockCost {
        if (blocks <= 0 || threads <= 0 || registers <= 0 || sharedBytes < 0 || !(bytesInFlight > 0)) {
            throw new IllegalArgumentException("a grid needs blocks, threads, registers and loads under way");
        }
        if (!(tensorCycles >= 0 && coreCycles >= 0 && serialCycles >= 0 && bytes >= 0)) {
            throw new IllegalArgumentException("a block cannot take negative time or bytes");
        }
    }

    /** Blocks that one multiprocessor of {@code gpu} holds at a time; 0 if it cannot hold one. */
    public int occupancy(GpuModel gpu) {
        // The driver keeps 1 KiB of shared memory for itself, and a thread cannot have more than 255 registers.
        long byShared = gpu.sharedBytes() / (sharedBytes + 1024L);
        long byRegisters = GpuModel.REGISTERS / ((long) threads * Math.min(255, registers));
        long byThreads = gpu.threads() / threads;
        return (int) Math.min(byShared, Math.min(byRegisters, byThreads));
    }
}
