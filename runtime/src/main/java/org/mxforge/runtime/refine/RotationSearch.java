package org.mxforge.runtime.refine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.model.Checkpoint;
import org.mxforge.runtime.model.family.DecoderLayer;
import org.mxforge.runtime.model.family.ModelConfig;
import org.mxforge.runtime.quant.LinearSite;

/**
 * Finds the bases that the residual stream and the values of each key/value head are written in: the eigenvectors of covariances of what is
 * read of them, those of sites behind norms weighted by what their rounding costs.
 */
final class RotationSearch {
    private final ModelConfig config;
    private final Map<String, Probe.Loss> losses;

    /** Weighted covariances of the residual stream, [hidden][hidden]. */
    private final double[] stream;

    /** By layer and key/value head, the sums over its query heads of the covariances of what attention makes of its values, [head][head]. */
    private final double[][][] heads;

    private RotationSearch(ModelConfig config, Map<String, Probe.Loss> losses) {
        this.config = config;
        this.losses = losses;
        this.stream = new double[config.hidden() * config.hidden()];
        this.heads = new double[config.layers()][config.kvHeads()][config.head() * config.head()];
    }

    /**
     * The rotation of {@code model}, whose norms have no gains.
     *
     * @param losses of its sites, by name
     * @param rotations does it
     */
    static Folding of(
            Checkpoint model,
            Map<String, Probe.Loss> losses,
            Backend backend,
            InputPass inputs,
            Backend.Rotations rotations) {
        RotationSearch search = new RotationSearch(model.config(), losses);
        Covariances covariances = new Covariances(backend, search::isWanted);
        // Of one block at a time: all of them would take as much memory as a large model.
        inputs.byBlock(model, "looking at inputs", covariances, block -> search.add(block, covariances));
        return search.rotation(rotations);
    }

    private boolean isWanted(String site) {
        return isBehindNorm(config, site) || isHeads(config, site);
    }

    private static boolean isBehindNorm(ModelConfig config, String site) {
        return config.decoderLayers().stream()
                .anyMatch(layer -> layer.attention().input().name().equals(site)
                        || layer.feedForward().sites().get(0).name().equals(site));
    }

    /** Whether the channels of {@code site} are what attention makes of values, head by head. */
    static boolean isHeads(ModelConfig config, String site) {
        return config.decoderLayers().stream()
                .anyMatch(layer -> layer.attention().output().name().equals(site));
    }

    /** @param block attention where even, and the feed-forward block of the same layer where odd */
    private void add(int block, Covariances covariances) {
        DecoderLayer layer = config.decoderLayers().get(block / 2);
        LinearSite site = block % 2 == 0
                ? layer.attention().input()
                : layer.feedForward().sites().get(0);
        double[] sums = covariances.take(site.name());
        Probe.Loss loss = losses.get(site.name());
        double factor = (loss.activations() + loss.weights() / 2) / Covariances.trace(sums);
        Arrays.setAll(stream, k -> stream[k] + factor * sums[k]);
        if (block % 2 == 0) {
            double[] attended = covariances.take(layer.attention().output().name());
            for (int head = 0; head < config.heads(); head++) {
                addHead(attended, head, heads[block / 2][head * config.kvHeads() / config.heads()]);
            }
        }
    }

    /** Adds the block on the diagonal that is a query head's. */
    private void addHead(double[] attended, int head, double[] to) {
        int size = config.head();
        int channels = config.heads() * size;
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                to[i * size + j] += attended[(head * size + i) * channels + head * size + j];
            }
        }
    }

    private Folding rotation(Backend.Rotations rotations) {
        List<double[][]> values = new ArrayList<>();
        for (double[][] layer : heads) {
            values.add(Arrays.stream(layer)
                    .map(block -> LinearAlgebra.eigenvectors(block, config.head()))
                    .toArray(double[][]::new));
        }
        return Folding.rotation(config, LinearAlgebra.eigenvectors(stream, config.hidden()), values, rotations);
    }
}
