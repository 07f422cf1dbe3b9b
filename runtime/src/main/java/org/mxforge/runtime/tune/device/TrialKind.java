package org.mxforge.runtime.tune.device;

import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.cuda.driver.CudaContext;

/**
 * How trials of one kind of kernel are made: what results are checked against, and what they are timed on. With this, what
 * {@link org.mxforge.dsl.spec.TunedKind} of the same stem says is complete.
 *
 * @param <S> the specs of the kind
 * @param <H> the shapes of its problems
 */
interface TrialKind<S extends KernelSpec, H extends KernelShape> {
    /** The kind's. */
    String stem();

    /**
     * Whether operands can be made on which a right kernel is bit for bit exact or, for attention, within a bound that tells it from a
     * wrong one.
     *
     * @param layout how weights lie, or the result of a quantizer
     * @param shape one that has {@link org.mxforge.dsl.spec.TunedKind#work}
     */
    boolean tries(S spec, OperandLayout layout, H shape);

    /**
     * What candidates are checked on.
     *
     * @param passes before the kernel
     * @throws MxForgeException if GPU memory does not suffice
     */
    ExactRun exact(CudaContext gpu, S spec, OperandLayout layout, DevicePasses passes, H shape);

    /**
     * Operands as models have them, for timing.
     *
     * @param passes before the kernel, which each run makes anew
     * @param copies operand sets that are wanted, as far as there is room
     * @throws MxForgeException if GPU memory does not suffice
     */
    OperandCopies<?> operands(CudaContext gpu, S spec, OperandLayout layout, DevicePasses passes, H shape, int copies);
}
