/**
 * Finding the fastest variant of a GEMM for a shape, and remembering it.
 *
 * <p>{@link org.mxforge.runtime.tune.Tuner} tries the legal configurations of a spec, each checked against the oracle before
 * it is timed, and writes one line for each to the {@link org.mxforge.runtime.tune.Wisdom} of the device.
 * {@link org.mxforge.runtime.tune.TunedChooser} reads it back. What differs between devices sits behind
 * {@link org.mxforge.runtime.tune.TuningDevice}; the order of the search behind {@link org.mxforge.runtime.tune.SearchOrder}.
 */
package org.mxforge.runtime.tune;
