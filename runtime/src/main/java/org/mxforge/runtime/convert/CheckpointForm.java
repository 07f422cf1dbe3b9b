package org.mxforge.runtime.convert;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.LongConsumer;
import org.mxforge.runtime.base.options.CheckpointFormat;
import org.mxforge.runtime.checkpoint.safetensors.SafetensorsWriter;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.LinearSite;

/** What a quantized checkpoint's tensors are called and how its files describe themselves. */
sealed interface CheckpointForm permits OwnForm, ForeignForm {
    /**
     * The form in which {@code plan} is carried out.
     *
     * @throws org.mxforge.runtime.base.MxForgeException if the form cannot express the plan
     */
    static CheckpointForm of(CheckpointFormat format, QuantizationPlan plan) {
        return format == CheckpointFormat.MXFORGE
                ? new OwnForm(plan)
                : ForeignForm.of(ForeignFormat.BY_METHOD.get(format.text()), plan);
    }

    /** The tensors of a site and of the weights of its layers; {@code progress} is told of each weight written, in elements. */
    List<StoredItem> items(LinearSite site, InputQuantization input, LongConsumer progress);

    /** Says in a file's header what it is. */
    void describe(SafetensorsWriter file);

    /** Says the same in {@code quantization_config} of {@code config.json}. */
    void describe(ObjectNode config);
}
