package org.mxforge.runtime.tune.device;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.spec.JudgedKind;
import org.mxforge.dsl.spec.KernelKinds;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.TunedKind;
import org.mxforge.runtime.kernel.KernelProblem;

/** All kinds of kernels that trials can be made of: those that ship, and those that say themselves what is right. */
final class TrialKinds {
    private static final Map<String, TrialKind<KernelSpec, KernelShape>> KINDS = List.of(
                    new AttentionTrials(),
                    new DenseGemmTrials(),
                    new Int8GemmTrials(),
                    new MxGemmTrials(),
                    new MxGroupedGemmTrials(),
                    new MxQuantizeTrials())
            .stream()
            .collect(Collectors.toMap(TrialKind::stem, TrialKinds::general));

    private TrialKinds() {}

    /** Safe, since {@link #of} checks the class of the spec, and a shape of another class has no work. */
    @SuppressWarnings("unchecked")
    private static TrialKind<KernelSpec, KernelShape> general(TrialKind<?, ?> kind) {
        return (TrialKind<KernelSpec, KernelShape>) kind;
    }

    /** What makes trials of {@code kind}. */
    static Optional<TrialKind<KernelSpec, KernelShape>> of(TunedKind<KernelSpec> kind) {
        return kind instanceof JudgedKind<KernelSpec> judged
                ? Optional.of(new JudgedTrials(judged))
                : Optional.ofNullable(KINDS.get(kind.stem()));
    }

    /** The kind that makes trials of {@code problem}; empty if none does for {@code shape}. */
    static Optional<TrialKind<KernelSpec, KernelShape>> of(KernelProblem problem, KernelShape shape) {
        return KernelKinds.tuned(problem.spec())
                .filter(kind ->
                        kind.work(problem.spec(), problem.layout(), shape).isPresent())
                .flatMap(TrialKinds::of)
                .filter(kind -> kind.tries(problem.spec(), problem.layout(), shape));
    }
}
