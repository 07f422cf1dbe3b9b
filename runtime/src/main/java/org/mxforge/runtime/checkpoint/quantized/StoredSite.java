package org.mxforge.runtime.checkpoint.quantized;

import org.mxforge.runtime.checkpoint.safetensors.SafetensorsWriter;
import org.mxforge.runtime.checkpoint.safetensors.TensorPayload;
import org.mxforge.runtime.checkpoint.safetensors.TensorType;
import org.mxforge.runtime.quant.InputQuantization;

/**
 * How a site's input is quantized, on its way into a file.
 *
 * @param site its name
 * @param input order, split and scale rule
 */
public record StoredSite(String site, InputQuantization input) {
    public long bytes() {
        return (long) Integer.BYTES * input.order().length;
    }

    /** The name of its tensor. */
    public String tensor() {
        return tensor(site);
    }

    /** The name of the tensor of {@code site}. */
    public static String tensor(String site) {
        return StoredNames.order(site);
    }

    /** Adds its tensor and text to a file. */
    public void addTo(SafetensorsWriter file) {
        file.metadata(StoredNames.splitKey(site), input.split().text());
        file.add(tensor(), TensorType.I32, TensorPayload.of(input.order()), input.order().length);
    }
}
