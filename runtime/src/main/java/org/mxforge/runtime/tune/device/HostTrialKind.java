package org.mxforge.runtime.tune.device;

import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.runtime.tune.search.TuningDevice.Trial;

/**
 * A kind whose kernels for the CPU are worth a search, too.
 *
 * @param <S> the specs of the kind
 * @param <H> the shapes of its problems
 */
interface HostTrialKind<S extends KernelSpec, H extends KernelShape> extends TrialKind<S, H> {
    /** Trials on the host of what it {@link #tries}. */
    Trial trial(CpuTuningDevice host, S spec, H shape);
}
