package org.mxforge.runtime.checkpoint.quantized;

import org.mxforge.runtime.base.ToolVersion;
import org.mxforge.runtime.checkpoint.safetensors.SafetensorsWriter;
import org.mxforge.runtime.quant.Recipe;

/**
 * What every file of a quantized checkpoint says about itself.
 *
 * @param recipe how it was made
 */
public record StoredHeader(Recipe recipe) {
    /** Adds the texts to a file. */
    public void addTo(SafetensorsWriter file) {
        file.metadata(StoredNames.VERSION_KEY, StoredNames.VERSION)
                .metadata(StoredNames.TOOL_KEY, "mxforge " + ToolVersion.TEXT)
                .metadata(StoredNames.RECIPE_KEY, recipe.text())
                .metadata(StoredNames.RULE_KEY, recipe.rule().text());
    }
}
