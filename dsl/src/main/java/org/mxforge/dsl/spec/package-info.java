/**
 * What kernels compute and how: a {@link org.mxforge.dsl.spec.KernelSpec} says what, with a canonical text; an {@link
 * org.mxforge.dsl.spec.Algorithm} says how, and how its operands lie in memory; a {@link org.mxforge.dsl.spec.KernelVariant} is both
 * for one target with one configuration.
 *
 * <p>What belongs to a kind of kernel shares its stem, here {@code mxgemm}: {@link org.mxforge.dsl.spec.MxGemmSpec} says what is computed,
 * {@link org.mxforge.dsl.launch.MxGemmArguments} what a launch takes, {@code MxGemmKind} in {@code codegen.kernel} is its home with its
 * algorithms, {@code mxgemm.stg} in {@code templates} its text, {@code MxGemmTrial} in {@code runtime.check} what it is checked on, and
 * {@code MxGemmTrials} in {@code runtime.tune.device} how it is tuned.
 *
 * <p>Both are open: {@link org.mxforge.dsl.spec.KernelKinds} finds kinds of kernels, and further algorithms for them, as services.
 * They are implemented beside what emits them, in codegen, since an algorithm is what it emits.
 */
package org.mxforge.dsl.spec;
