package org.mxforge.runtime.simulate;

/**
 * The geometry of a launch.
 *
 * @param gridX blocks in x
 * @param gridY blocks in y
 * @param gridZ blocks in z
 * @param threads threads of a block, in one dimension
 * @param sharedBytes dynamic shared memory of a block
 */
record LaunchShape(int gridX, int gridY, int gridZ, int threads, int sharedBytes) {
    int blocks() {
        return Math.multiplyExact(Math.multiplyExact(gridX, gridY), gridZ);
    }

    int warps() {
        return (threads + Lanes.COUNT - 1) / Lanes.COUNT;
    }
}
