package org.mxforge.runtime.cuda.launch;

/** Grids of kernels whose blocks take one piece of work after another. */
public final class PersistentGrid {
    /** Shared memory of one multiprocessor from sm_90 on, and what the system takes of it for each block, in bytes. */
    private static final int SHARED_OF_MULTIPROCESSOR = 233_472;

    private static final int SHARED_OF_SYSTEM = 1024;

    /** More than a kernel that uses this has in static shared memory, in bytes. */
    private static final int STATIC = 256;

    private PersistentGrid() {}

    /**
     * As many blocks as run at a time, or fewer if then all have the same number of pieces.
     *
     * @param pieces pieces of work, at least 1
     * @param multiprocessors of the GPU
     * @param most blocks of a multiprocessor that its registers allow
     * @param sharedBytes dynamic shared memory of a block
     */
    public static int blocks(int pieces, int multiprocessors, int most, int sharedBytes) {
        int fit = SHARED_OF_MULTIPROCESSOR / (sharedBytes + STATIC + SHARED_OF_SYSTEM);
        int atATime = multiprocessors * Math.max(1, Math.min(most, fit));
        int rounds = 1 + (pieces - 1) / atATime;
        return 1 + (pieces - 1) / rounds;
    }
}
