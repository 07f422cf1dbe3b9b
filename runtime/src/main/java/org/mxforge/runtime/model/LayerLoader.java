package org.mxforge.runtime.model;

import java.util.List;
import java.util.Optional;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.Linear;
import org.mxforge.runtime.exec.spi.LinearInput;
import org.mxforge.runtime.exec.spi.Vector;
import org.mxforge.runtime.model.family.ModelConfig;
import org.mxforge.runtime.quant.LinearLayer;
import org.mxforge.runtime.quant.LinearSite;
import org.mxforge.runtime.quant.PlainWeight;

/**
 * Brings a checkpoint's weights onto a backend.
 *
 * @param observer sees the inputs of linear sites; null for none
 */
record LayerLoader(Checkpoint checkpoint, Backend backend, Decoder.ActivationObserver observer) {
    ModelConfig config() {
        return checkpoint.config();
    }

    /** The layers of a site in the form that the checkpoint has them, plain or quantized. */
    Linear.Joined layers(LinearSite site) {
        return Linear.Joined.of(
                backend, site.layers().stream().map(checkpoint::weight).toList(), checkpoint.bias(site.layers()));
    }

    /** The layers of a site that are gate and up as one that multiplies them; empty where they cannot be. */
    Optional<Linear.Joined> gated(LinearSite site) {
        return site.layers().stream().anyMatch(LinearLayer::bias)
                ? Optional.empty()
                : Linear.Joined.gated(
                        backend, site.layers().stream().map(checkpoint::weight).toList());
    }

    /** A layer that is plain in every checkpoint. */
    Linear plain(LinearLayer layer) {
        return checkpoint.plainWeight(layer).on(backend, checkpoint.bias(List.of(layer)));
    }

    LoadedSite site(LinearSite site) {
        return site(site, layers(site));
    }

    LoadedSite site(LinearSite site, Linear.Joined layers) {
        return new LoadedSite(site, backend, observer, layers);
    }

    /** The weight that {@code name} has for every token, [vocabulary][hidden]. */
    PlainWeight table(String name) {
        return checkpoint.weights().plain(name + ".weight", config().vocabulary(), config().hidden());
    }

    /** The weight of a norm over the residual stream. */
    Vector norm(String name) {
        return norm(name, config().hidden());
    }

    /** The norm before a site, with what is taken off behind it where the checkpoint has a centre. */
    LinearInput.Step normBefore(String name) {
        String centre = name + ModelConfig.CENTRE;
        return new LinearInput.Step.RmsNorm(
                norm(name),
                checkpoint.weights().has(centre)
                        ? Optional.of(backend.vector(checkpoint.weights().f32(centre, config().hidden())))
                        : Optional.empty(),
                config().epsilon());
    }

    /** The weight of a norm over {@code width} channels. */
    Vector norm(String name, int width) {
        return backend.vector(checkpoint.weights().f32(name + ".weight", width));
    }
}
