package org.mxforge.runtime.tune.cost;

/**
 * What the cost model expects of one configuration on one shape.
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
public record Estimate(
        long bytes,
        double traffic,
        double tensorCycles,
        double coreCycles,
        int occupancy,
        long waves,
        int sharedBytes,
        double millis) {}
