package org.mxforge.dsl.spec;

/** What a kernel is for in a model: where its time counts when the time of a whole run is divided. */
public enum KernelRole {
    /** Quantizes activations, what comes before it fused in. */
    QUANTIZER,
    /** Multiplies by weights, or brings operands into the form that such a product reads. */
    GEMM,
    ATTENTION,
    /** Everything else: norms, rotations, the cache, routing, sampling. */
    OTHER
}
