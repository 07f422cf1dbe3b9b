package org.mxforge.runtime.model;

import java.util.List;
import java.util.stream.IntStream;
import org.mxforge.runtime.backend.Backend;
import org.mxforge.runtime.backend.InputStep;
import org.mxforge.runtime.backend.Linear;
import org.mxforge.runtime.backend.Matrix;
import org.mxforge.runtime.backend.Vector;

/** Mixtral's experts: a router sends each token to a few of them; an expert runs once, over all tokens sent to it. */
final class RoutedFeedForward implements Block {
    private final ModelConfig config;
    private final Backend backend;
    private final Vector norm;
    private final Linear router;
    private final List<GatedMlp> experts;

    RoutedFeedForward(LayerLoader loader, int layer) {
        config = loader.config();
        backend = loader.backend();
        String prefix = LinearSite.prefix(layer);
        norm = loader.norm(prefix + "post_attention_layernorm");
        router = loader.plain(
                new LinearLayer(prefix + "block_sparse_moe.gate", config.experts(), config.hidden(), false));
        experts = IntStream.range(0, config.experts())
                .mapToObj(expert -> new GatedMlp(
                        loader.site(LinearSite.expertInput(config, layer, expert)),
                        loader.site(LinearSite.expertOutput(config, layer, expert))))
                .toList();
    }

    @Override
    public void forward(Pass pass) {
        try (Matrix normed = backend.activations(pass.rows(), config.hidden());
                Matrix gathered = backend.activations(pass.rows(), config.hidden());
                Matrix results = backend.activations(pass.rows(), config.hidden())) {
            backend.rmsNorm(pass.residual(), norm, config.epsilon(), normed);
            List<ExpertRouting.Group> groups = route(pass.residual()).experts();
            for (int expert = 0; expert < groups.size(); expert++) {
                int[] rows = groups.get(expert).rows();
                if (rows.length > 0) {
                    Matrix out = results.first(rows.length);
                    backend.gatherRows(normed, rows, gathered.first(rows.length));
                    experts.get(expert).expand(new InputStep.None(), gathered.first(rows.length), pass.workspace());
                    experts.get(expert).contract(pass.workspace(), out);
                    backend.scatterAddRows(out, rows, groups.get(expert).shares(), pass.residual());
                }
            }
        }
    }

    private ExpertRouting route(Matrix residual) {
        try (Matrix scores = backend.wide(residual.rows(), config.experts())) {
            backend.route(residual, norm, config.epsilon(), router, scores);
            return ExpertRouting.of(backend.download(scores), config.experts(), config.expertsPerToken());
        }
    }
}
