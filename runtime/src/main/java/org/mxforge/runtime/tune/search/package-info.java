/**
 * Finding the fastest variant of a GEMM or a quantizer for a shape, and remembering it.
 *
 * <p>{@link org.mxforge.runtime.tune.search.Tuner} tries the legal configurations of a spec, each checked against the oracle before
 * it is timed, and writes one line for each to the {@link org.mxforge.runtime.tune.wisdom.Wisdom} of the device.
 * {@link org.mxforge.runtime.tune.search.TunedChooser} reads it back. What differs between devices sits behind
 * {@link org.mxforge.runtime.tune.search.TuningDevice}; the order of the search behind {@link org.mxforge.runtime.tune.search.SearchOrder}.
 *
 * <p>Candidates are timed in turns, in small batches, with the best so far among them, instead of one after the other: a GPU at its
 * power limit changes its clock with its temperature and with the work before, and timings taken apart from each other rank kernels
 * wrongly. A batch is also what a kill costs at most, since its lines are written when it ends.
 *
 * <p>What is a choice between two ways of several kernels, and not between variants of one, has a class of its own:
 * {@link org.mxforge.runtime.kernel.UnpackChoice} compares what searches of both ways found. What no search is worth its time has a rule
 * by what was measured: {@link org.mxforge.runtime.kernel.QuantizerChoice}, with which searches begin, and
 * {@link org.mxforge.runtime.kernel.GroupedGemmChoice}.
 */
package org.mxforge.runtime.tune.search;
