package org.mxforge.runtime.exec.spi;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.mxforge.dsl.spec.Epilogue;

/**
 * Experts that run one after the other, each once over all tokens sent to it, by operations that every backend has. The scores
 * come to the host, which waits for the device once for each layer; a step with such experts cannot be recorded.
 */
public final class SeparateExperts implements Experts {
    private final Backend backend;
    private final int perToken;
    private final List<Expert> experts;
    private final Observer observer;

    /** Sees what goes into the last layer of an expert. */
    @FunctionalInterface
    public interface Observer {
        /** Called for each expert that gets tokens; {@code input} is closed afterwards. */
        void observe(int expert, LinearInput input);
    }

    /**
     * @param expand gate and up
     * @param step what is left to do before down
     */
    private record Expert(Linear.Joined expand, LinearInput.Step step, Linear down) {}

    /** Brings the experts onto {@code backend}, where each token will be sent to {@code perToken} of them. */
    public SeparateExperts(Backend backend, Experts.Weights weights, int perToken) {
        this(backend, weights, perToken, (expert, input) -> {});
    }

    /** The same, watched. */
    public SeparateExperts(Backend backend, Experts.Weights weights, int perToken, Observer observer) {
        this.backend = backend;
        this.perToken = perToken;
        this.observer = observer;
        this.experts = IntStream.range(0, weights.experts())
                .mapToObj(expert -> expert(weights, expert))
                .toList();
    }

    private Expert expert(Experts.Weights weights, int expert) {
        List<Linear.Weight> gateAndUp =
                List.of(weights.read(expert, Experts.Weights.Part.GATE), weights.read(expert, Experts.Weights.Part.UP));
        Optional<Linear.Joined> gated = Linear.Joined.gated(backend, gateAndUp);
        return new Expert(
                gated.orElseGet(() -> Linear.Joined.of(backend, gateAndUp, null)),
                gated.isPresent() ? new LinearInput.Step.None() : new LinearInput.Step.SiluMul(),
                weights.read(expert, Experts.Weights.Part.DOWN).on(backend, null));
    }

    @Override
    public void accumulate(LinearInput.Step step, Matrix x, Matrix scores, Matrix residual) {
        if (step instanceof LinearInput.Step.RmsNorm norm) {
            try (Matrix normed = backend.activations(x.rows(), x.columns())) {
                backend.rmsNorm(x, norm.weight(), norm.epsilon(), normed);
                accumulate(normed, scores, residual);
            }
        } else {
            accumulate(x, scores, residual);
        }
    }

    private void accumulate(Matrix x, Matrix scores, Matrix residual) {
        ExpertRouting routing = ExpertRouting.of(backend.download(scores), experts.size(), perToken);
        int most = routing.most();
        try (Matrix gathered = backend.activations(most, x.columns());
                Matrix results = backend.activations(most, x.columns())) {
            for (int expert = 0; expert < experts.size(); expert++) {
                ExpertRouting.Group group = routing.experts().get(expert);
                int rows = group.rows().length;
                if (rows > 0) {
                    backend.gatherRows(x, group.rows(), gathered.first(rows));
                    run(expert, gathered.first(rows), results.first(rows));
                    backend.scatterAddRows(results.first(rows), group.rows(), group.shares(), residual);
                }
            }
        }
    }

    @Override
    public boolean isRecordable() {
        return false;
    }

    private void run(int index, Matrix x, Matrix out) {
        Expert expert = experts.get(index);
        Linear down = expert.down();
        try (Matrix expanded = backend.activations(x.rows(), expert.step().width(down.channels()))) {
            expert.expand().project(new LinearInput.Step.None(), x, expanded);
            try (LinearInput input = backend.input(down, expert.step(), expanded)) {
                observer.observe(index, input);
                backend.linear(down, input, Epilogue.NONE, null, out);
            }
        }
    }
}
