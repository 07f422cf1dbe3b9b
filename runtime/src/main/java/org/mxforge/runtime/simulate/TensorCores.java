package org.mxforge.runtime.simulate;

/**
 * How the tensor cores of a GPU add up in FP32.
 *
 * @param warp products of 16-bit numbers in {@code mma.sync}
 * @param wide products of 16-bit numbers in {@code wgmma}
 * @param narrow products of FP8 in {@code wgmma}
 * @param scaled products of {@code mma.sync} with scales for blocks
 */
record TensorCores(TensorCore warp, TensorCore wide, TensorCore narrow, TensorCore scaled) {
    private static final int HOPPER = 90;

    /** Those of GPUs of a compute capability (ten times, such as 90), after what has been measured of them (FTTN, MMA-Sim). */
    static TensorCores of(int computeCapability) {
        TensorCore usual = computeCapability >= HOPPER ? new TensorCore(16, 25) : new TensorCore(8, 24);
        return new TensorCores(usual, usual, new TensorCore(32, 13), new TensorCore(64, 25));
    }
}
