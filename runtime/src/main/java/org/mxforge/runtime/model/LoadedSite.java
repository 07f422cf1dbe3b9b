package org.mxforge.runtime.model;

import java.util.List;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.Linear;
import org.mxforge.runtime.exec.spi.LinearInput;
import org.mxforge.runtime.exec.spi.Matrix;
import org.mxforge.runtime.quant.LinearSite;

/** A linear site on a backend: its input is prepared once for all layers that want it in the same form. */
final class LoadedSite {
    private final LinearSite site;
    private final Backend backend;
    private final Decoder.ActivationObserver observer;
    private final List<Linear> layers;

    LoadedSite(LinearSite site, LayerLoader loader) {
        this.site = site;
        this.backend = loader.backend();
        this.observer = loader.observer();
        this.layers = loader.layers(site);
    }

    /** {@code outs[i] = layer_i(step(x))}, with its bias. */
    void project(LinearInput.Step step, Matrix x, Matrix... outs) {
        LinearInput input = open(step, x);
        try {
            for (int i = 0; i < outs.length; i++) {
                if (i > 0 && !layers.get(i).input().equals(layers.get(i - 1).input())) {
                    input.close();
                    input = backend.input(layers.get(i), step, x);
                }
                Epilogue epilogue = site.layers().get(i).bias() ? Epilogue.BIAS : Epilogue.NONE;
                backend.linear(layers.get(i), input, epilogue, null, outs[i]);
            }
        } finally {
            input.close();
        }
    }

    /** {@code residual += layer(step(x))}, for a site with one layer. */
    void accumulate(LinearInput.Step step, Matrix x, Matrix residual) {
        if (site.layers().get(0).bias()) {
            // No epilogue adds both a bias and a residual; no current model of the families here has such a layer.
            try (Matrix biased = backend.activations(residual.rows(), residual.columns())) {
                project(step, x, biased);
                backend.add(biased, residual);
            }
        } else {
            try (LinearInput input = open(step, x)) {
                backend.linear(layers.get(0), input, Epilogue.RESIDUAL, residual, residual);
            }
        }
    }

    private LinearInput open(LinearInput.Step step, Matrix x) {
        LinearInput input = backend.input(layers.get(0), step, x);
        if (observer != null) {
            observer.observe(site.name(), backend.download(input), input.rows(), input.channels());
        }
        return input;
    }
}
