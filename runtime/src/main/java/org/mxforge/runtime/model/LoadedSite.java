package org.mxforge.runtime.model;

import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.Linear;
import org.mxforge.runtime.exec.spi.LinearInput;
import org.mxforge.runtime.exec.spi.Matrix;
import org.mxforge.runtime.quant.LinearSite;

/**
 * A linear site on a backend.
 *
 * @param observer sees its input; null for none
 */
record LoadedSite(LinearSite site, Backend backend, Decoder.ActivationObserver observer, Linear.Joined layers) {

    /** {@code out = layers(step(x))}, what they put out side by side, with their biases. */
    void project(LinearInput.Step step, Matrix x, Matrix out) {
        observe(step, x);
        layers.project(step, x, out);
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
            observe(step, x);
            try (LinearInput input = backend.input(layers.first(), step, x)) {
                backend.linear(layers.first(), input, Epilogue.RESIDUAL, residual, residual);
            }
        }
    }

    private void observe(LinearInput.Step step, Matrix x) {
        if (observer != null && observer.wants(site.name())) {
            try (LinearInput input = backend.input(layers.first(), step, x)) {
                observer.observe(site.name(), input, backend);
            }
        }
    }
}
