package org.mxforge.runtime.tune.cost;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.mxforge.dsl.spec.MxGroupedGemmSpec;
import org.mxforge.runtime.kernel.GemmShape;
import org.mxforge.runtime.kernel.GroupedShape;

/**
 * What a grouped GEMM has to do with the tokens that it is timed on; an expert without a token is not read.
 *
 * @param experts the work of each expert with tokens
 */
record GroupedWork(List<GemmWork> experts) implements Work {
    public GroupedWork {
        experts = List.copyOf(experts);
    }

    /** The work of {@code spec} on {@code shape}; empty if it has another number of partitions. */
    static Optional<GroupedWork> of(MxGroupedGemmSpec spec, GroupedShape shape) {
        if (spec.expert().pairs().size() != shape.k().size()) {
            return Optional.empty();
        }
        List<GemmWork> experts = new ArrayList<>();
        for (int tokens : shape.spread()) {
            if (tokens > 0) {
                GemmWork.of(spec.expert(), new GemmShape(tokens, shape.n(), shape.k()))
                        .ifPresent(experts::add);
            }
        }
        return Optional.of(new GroupedWork(experts));
    }

    @Override
    public long bytes() {
        return experts.stream().mapToLong(GemmWork::bytes).sum();
    }

    @Override
    public double macs() {
        return sum(GemmWork::macs);
    }

    @Override
    public double tensorCycles(TensorRates rates) {
        return sum(work -> work.tensorCycles(rates));
    }

    private double sum(ToDoubleFunction<GemmWork> part) {
        return experts.stream().mapToDouble(part).sum();
    }
}
