/**
 * What kernels compute and how: a {@link org.mxforge.dsl.spec.KernelSpec} says what, with a canonical text; an {@link
 * org.mxforge.dsl.spec.Algorithm} says how, and how its operands lie in memory; a {@link org.mxforge.dsl.spec.KernelVariant} is both
 * for one target with one configuration.
 *
 * <p>Both are open: {@link org.mxforge.dsl.spec.KernelKinds} finds kinds of kernels, and further algorithms for them, as services.
 * They are implemented beside what emits them, in codegen, since an algorithm is what it emits.
 */
package org.mxforge.dsl.spec;
