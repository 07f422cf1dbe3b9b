package org.mxforge.dsl.shape;

import java.util.List;
import java.util.stream.Stream;

/**
 * What a grouped GEMM has to do with the tokens that it is timed on; an expert without a token is not read.
 *
 * @param mean the work of an expert with the mean number of tokens
 * @param experts the work of each expert with tokens
 */
public record GroupedWork(GemmWork mean, List<GemmWork> experts) implements Work {
    public GroupedWork {
        experts = List.copyOf(experts);
    }

    @Override
    public Stream<GemmWork> products() {
        return experts.stream();
    }

    @Override
    public long bytes() {
        return experts.stream().mapToLong(GemmWork::bytes).sum();
    }

    @Override
    public long written() {
        return experts.stream().mapToLong(GemmWork::written).sum();
    }
}
