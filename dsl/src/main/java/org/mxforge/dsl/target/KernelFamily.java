package org.mxforge.dsl.target;

/** A way of writing the same kernels: one template set and one kind of instruction each. */
public enum KernelFamily {
    /** Java loops, compiled in memory. */
    CPU,
    /** CUDA on bf16 mma.sync and cp.async: correct on every GPU from sm_80 on. */
    PORTABLE,
    /** CUDA on FP8 wgmma with folded scales, bulk copies and warp specialisation: sm_90a only. */
    HOPPER
}
