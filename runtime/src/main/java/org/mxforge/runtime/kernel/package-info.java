/**
 * Problems of kernels, as those who run them and those who tune them speak of them: what is computed, how its operands lie, which
 * algorithms may compete, and for which shape.
 *
 * <p>A {@link org.mxforge.runtime.kernel.KernelProblem} is more than a spec, since weights stay in one layout for as long as a
 * layer lives while the number of tokens changes with every step: only algorithms that read this layout compete at a launch, and the
 * layout itself is chosen once, before weights are laid out. {@link org.mxforge.runtime.kernel.OperandPasses} plans the passes before
 * a product for models and for trials alike, so that what is timed is what runs.
 */
package org.mxforge.runtime.kernel;
