package org.mxforge.runtime.convert;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.mxforge.runtime.checkpoint.quantized.QuantizedTensors;
import org.mxforge.runtime.checkpoint.quantized.StoredSite;
import org.mxforge.runtime.checkpoint.safetensors.SafetensorsWriter;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.LinearLayer;
import org.mxforge.runtime.quant.LinearSite;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.Recipe;

/** This program's own form, which holds every plan. */
record OwnForm(QuantizationPlan plan) implements CheckpointForm {
    @Override
    public List<StoredItem> items(LinearSite site, InputQuantization input, LongConsumer progress) {
        StoredSite stored = new StoredSite(site.name(), input);
        List<StoredItem> items = new ArrayList<>();
        items.add(new StoredItem(List.of(stored.tensor()), stored.bytes(), stored::addTo));
        for (LinearLayer layer : site.layers()) {
            StoredSite.Weight weight = stored.weight(layer.name(), layer.outputs());
            Supplier<PackedMatrix> packed = new PassingLayer(
                    layer, () -> plan.quantize(layer).matrix(), weight.tensors().size(), progress);
            items.add(new StoredItem(weight.tensors(), weight.bytes(), file -> weight.addTo(file, packed)));
        }
        return items;
    }

    @Override
    public void describe(SafetensorsWriter file) {
        QuantizedTensors.describe(file, plan.recipe());
    }

    @Override
    public void describe(ObjectNode config) {
        describe(config, plan.recipe());
    }

    /** Says that {@code recipe} quantized the checkpoint. */
    static void describe(ObjectNode config, Recipe recipe) {
        config.put("quant_method", "mxforge")
                .put("recipe", recipe.text())
                .put("scale_rule", recipe.rule().text());
    }
}
