/**
 * Whether a kernel is right: emitted, compiled, run and compared with what its spec says, on a device or without one.
 *
 * <p>A {@link org.mxforge.runtime.check.CheckCase} says all of one comparison: the kernel, the sizes and the class of its data, a seed, and
 * where it runs. Its text is one line, which brings it back: {@code
 * SPEC|ALGORITHM|TARGET|CONFIGURATION|SIZES|DATA|SEED|DEVICE}, as in {@code
 * softmax/v1|rows|sm_80|threads=256|columns=264,rows=5|random|7|simulator}. A {@link org.mxforge.runtime.check.Checker} runs it and
 * gives a {@link org.mxforge.runtime.check.Outcome}: the first wrong element and where it is, the largest error as a share of what is
 * allowed, the ratio of signal to noise, and what the simulator found besides.
 *
 * <pre>{@code
 * try (Checker checker = new Checker()) {
 *     KernelVariant kernel = KernelVariant.of(KernelSpec.parse("softmax/v1"), Target.SM_80);
 *     Outcome outcome = checker.check(CheckCase.usual(kernel, Device.SIMULATOR).with(Data.RANDOM).with("columns", 33));
 *     assertTrue(outcome.isRight(), outcome::sentence);
 * }
 * }</pre>
 *
 * <p>Emitted text that was changed, to see whether a fault is caught, is run by {@link org.mxforge.runtime.check.Checker#check(CheckCase,
 * org.mxforge.codegen.cuda.CudaSource)}. What sizes and data a spec has, {@link org.mxforge.runtime.check.CheckCase#extents} and
 * {@link org.mxforge.runtime.check.CheckCase#data} tell, of which random cases are drawn.
 *
 * <p>What a kind is tried on, and what is right there, is a {@code Trial} of the kind's name, which {@code Trials} finds by the stem of a spec: {@code MxGemmTrial},
 * {@code MxQuantizeTrial} and so on for one kind, {@code RowTrials}, {@code MoveTrials}, {@code CacheTrials}, {@code ExpertTrials},
 * {@code FoldTrials} and {@code Fp64Trials} for small ones that belong together. It takes numbers from {@code Draw}, puts them into device
 * memory through {@code Operands}, and says what each array must hold then: {@code Wanted}.
 *
 * <p>Three layers: {@link org.mxforge.runtime.check.Layer#EXACT}, bit for bit where data leaves no rounding open; {@link
 * org.mxforge.runtime.check.Layer#BOUND}, each element within what roundings may come to; and the norm of the error, which is reported. Kinds
 * of one's own are judged by themselves, if they are {@link org.mxforge.dsl.spec.JudgedKind}s.
 */
package org.mxforge.runtime.check;
