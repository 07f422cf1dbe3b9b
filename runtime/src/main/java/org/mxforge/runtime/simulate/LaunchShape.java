package org.mxforge.runtime.simulate;

import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.simulate.ptx.PtxKernel;

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
    /**
     * Makes sure that {@code kernel} can be launched so.
     *
     * @param sharedRoom most shared memory of a block, in bytes
     * @throws MxForgeException if a GPU would refuse the launch
     */
    void check(PtxKernel kernel, int sharedRoom) {
        long blocks = (long) gridX * gridY * gridZ;
        int bytes = kernel.staticShared() + sharedBytes;
        if (blocks < 1 || blocks > Integer.MAX_VALUE) {
            throw refusal(kernel, "a grid of " + gridX + " x " + gridY + " x " + gridZ + " blocks");
        }
        if (blocks % kernel.clusterBlocks() != 0) {
            throw refusal(kernel, blocks + " blocks, which are no whole clusters of " + kernel.clusterBlocks());
        }
        if (threads < 1 || threads > kernel.maxThreads()) {
            throw refusal(
                    kernel, "blocks of " + threads + " threads: it is compiled for at most " + kernel.maxThreads());
        }
        if (bytes > sharedRoom) {
            throw refusal(kernel, bytes + " bytes of shared memory a block: there are " + sharedRoom);
        }
    }

    private static MxForgeException refusal(PtxKernel kernel, String with) {
        return new MxForgeException("Kernel " + kernel.name() + " cannot be launched with " + with + ".");
    }

    int blocks() {
        return gridX * gridY * gridZ;
    }

    int warps() {
        return (threads + Lanes.COUNT - 1) / Lanes.COUNT;
    }
}
