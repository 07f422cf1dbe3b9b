/**
 * Finding the fastest variant of a kernel for a shape, and remembering it.
 *
 * <p>{@link org.mxforge.runtime.tune.search.Tuning} is the front door. {@code Tuner} tries the algorithms for a problem in their
 * configurations, passes before the kernel included, each checked against the oracle before it is timed, and writes one line for each to
 * the {@link org.mxforge.runtime.tune.wisdom.Wisdom} of the device; {@code TunedChooser} reads it back. What differs between devices sits
 * behind {@link org.mxforge.runtime.tune.search.TuningDevice}; the order of the search behind {@code SearchOrder}.
 *
 * <p>Candidates are timed in turns, in small batches, with the best so far among them, instead of one after the other: a GPU at its
 * power limit changes its clock with its temperature and with the work before, and timings taken apart from each other rank kernels
 * wrongly. A batch is also what a kill costs at most, since its lines are written when it ends.
 *
 * <p>A search of one kernel says something about every algorithm that ends in it: where an algorithm with passes was not timed as a
 * whole, it counts with what its kernel took and what its passes should take. How the weights of a layer are kept is weighed over the
 * numbers of tokens that it will see ({@code LayoutChoice}). Where nothing was measured, an algorithm says itself which configuration
 * probably suits a shape ({@link org.mxforge.dsl.spec.Algorithm#usual}); there searches begin, too.
 */
package org.mxforge.runtime.tune.search;
