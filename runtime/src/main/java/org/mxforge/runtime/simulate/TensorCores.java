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

    /** Bits of FP32 behind the leading one. */
    private static final int SINGLE = 23;

    /**
     * Those of GPUs of a compute capability (ten times, such as 90). Hopper's are compared with an H200 bit by bit; Ampere's are after FTTN and
     * MMA-Sim, and Blackwell's are not known: what is here for them is a guess.
     */
    static TensorCores of(int computeCapability) {
        TensorCore usual = computeCapability >= HOPPER ? new TensorCore(16, 25, SINGLE) : new TensorCore(8, 24, SINGLE);
        return new TensorCores(usual, usual, new TensorCore(32, 13, 13), new TensorCore(64, 25, SINGLE));
    }
}
