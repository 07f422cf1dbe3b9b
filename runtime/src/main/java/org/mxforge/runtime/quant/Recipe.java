package org.mxforge.runtime.quant;

/**
 * How the linear layers of a model are quantized. Each recipe has one canonical text that {@link #parse} reads back:
 *
 * <ul>
 *   <li>{@code bf16}: not at all;
 *   <li>{@code mxfp4}, {@code mxfp6-e3m2}, {@code mxfp6-e2m3}, {@code mxfp8}, {@code mxfp8-e5m2}: activations and weights in
 *       one format; {@code e4m3xe2m1}: activations in the first, weights in the second; {@code /floor} or {@code /even} after
 *       it chooses another scale rule than {@code ceil};
 *   <li>{@code micromix}, with any of the settings of {@link MicroMixRecipe} after it, as {@code micromix;weights=fp4;lambda=0.5}.
 * </ul>
 */
public sealed interface Recipe permits PlainRecipe, UniformRecipe, MicroMixRecipe {
    /** Canonical text: settings that have their default are left out. */
    String text();

    /**
     * Reads a recipe; settings may be in any order and at their default.
     *
     * @throws org.mxforge.runtime.base.MxForgeException naming the text, what is wrong with it and what there is
     */
    static Recipe parse(String text) {
        return RecipeText.parse(text);
    }
}
