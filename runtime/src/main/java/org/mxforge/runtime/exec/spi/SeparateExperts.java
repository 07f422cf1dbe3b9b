package org.mxforge.runtime.exec.spi;

import java.util.List;
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

    private record Expert(Linear gate, Linear up, Linear down) {}

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
        Linear.Weight gate = weights.read(expert, Experts.Weights.Part.GATE);
        // As many as the other has: a product of both is what goes on.
        List<Integer> gateAndUp = List.of(gate.outputs(), gate.outputs());
        Linear gateLayer = gate.on(backend, null, gateAndUp);
        Linear upLayer = weights.read(expert, Experts.Weights.Part.UP).on(backend, null, gateAndUp);
        Linear.Weight down = weights.read(expert, Experts.Weights.Part.DOWN);
        return new Expert(gateLayer, upLayer, down.on(backend, null, List.of(down.outputs())));
    }

    @Override
    public void accumulate(Matrix x, Matrix scores, Matrix residual) {
        ExpertRouting routing = ExpertRouting.of(backend.download(scores), experts.size(), perToken);
        int most = routing.most();
        int intermediate = experts.get(0).down().channels();
        try (Matrix gathered = backend.activations(most, x.columns());
                Matrix gate = backend.activations(most, intermediate);
                Matrix up = backend.activations(most, intermediate);
                Matrix results = backend.activations(most, x.columns())) {
            for (int expert = 0; expert < experts.size(); expert++) {
                ExpertRouting.Group group = routing.experts().get(expert);
                int rows = group.rows().length;
                if (rows > 0) {
                    backend.gatherRows(x, group.rows(), gathered.first(rows));
                    expand(experts.get(expert), gathered.first(rows), gate.first(rows), up.first(rows));
                    contract(expert, gate.first(rows), up.first(rows), results.first(rows));
                    backend.scatterAddRows(results.first(rows), group.rows(), group.shares(), residual);
                }
            }
        }
    }

    @Override
    public boolean isRecordable() {
        return false;
    }

    private void expand(Expert expert, Matrix x, Matrix gate, Matrix up) {
        LinearInput.Step none = new LinearInput.Step.None();
        boolean shared = expert.up().input().equals(expert.gate().input());
        try (LinearInput input = backend.input(expert.gate(), none, x)) {
            backend.linear(expert.gate(), input, Epilogue.NONE, null, gate);
            if (shared) {
                backend.linear(expert.up(), input, Epilogue.NONE, null, up);
            }
        }
        if (!shared) {
            try (LinearInput input = backend.input(expert.up(), none, x)) {
                backend.linear(expert.up(), input, Epilogue.NONE, null, up);
            }
        }
    }

    private void contract(int expert, Matrix gate, Matrix up, Matrix out) {
        Linear down = experts.get(expert).down();
        try (LinearInput input = backend.input(down, new LinearInput.Step.SiluMul(up), gate)) {
            observer.observe(expert, input);
            backend.linear(down, input, Epilogue.NONE, null, out);
        }
    }
}
