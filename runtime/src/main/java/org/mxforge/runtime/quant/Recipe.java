package org.mxforge.runtime.quant;

import java.util.List;
import java.util.Optional;
import org.mxforge.dsl.format.ScaleRule;

/**
 * How the linear layers of a model are quantized: what each site's input becomes, which algorithm rounds the weights, and what
 * calibration must measure for that. Each recipe has one canonical text that {@link #parse} reads back:
 *
 * <ul>
 *   <li>{@code bf16}: not at all;
 *   <li>{@code int8}: a baseline, INT8 with one scale for each token and for each output, in memory alone;
 *   <li>{@code mxfp4}, {@code mxfp6-e3m2}, {@code mxfp6-e2m3}, {@code mxfp8}, {@code mxfp8-e5m2}: activations and weights in
 *       one format; {@code e4m3xe2m1}: activations in the first, weights in the second; {@code /clip}, {@code /floor} or
 *       {@code /even} after it chooses another scale rule than {@code ceil}, and {@code ;hadamard=32} sends each group through a Hadamard
 *       matrix ({@link org.mxforge.dsl.spec.GroupTransform#HADAMARD});
 *   <li>{@code micromix}, with any of the settings of {@link MicroMixRecipe} after it, as {@code micromix;weights=fp4;lambda=0.5}.
 * </ul>
 *
 * <p>A recipe of another kind implements this interface and is registered in {@link RecipeText}, so that its text is read.
 */
public interface Recipe {
    /** Canonical text: settings that have their default are left out. */
    String text();

    /** Whether it changes a model at all. */
    default boolean quantizes() {
        return true;
    }

    /**
     * Whether it is INT8 with one scale for each token and for each output, see {@link Int8Weight}: a baseline, which runs in memory and has
     * no {@link #input}.
     */
    default boolean isInt8() {
        return false;
    }

    /** This recipe if it is one that is searched for on a text, whose result is a {@link Refinement}. */
    default Optional<MixedRecipe> mixed() {
        return Optional.empty();
    }

    /** How scales are chosen, on both sides. */
    ScaleRule rule();

    /** How calibration is to order and cut the channels; empty where the recipe needs no calibration. */
    default Optional<Partitioning> partitioning() {
        return Optional.empty();
    }

    /**
     * What the input of {@code site} becomes.
     *
     * @param calibration of the model, where there is one
     * @throws org.mxforge.runtime.base.MxForgeException if the site's width does not fit the recipe, or the calibration is
     *     missing or was made for another recipe or model
     */
    InputQuantization input(LinearSite site, Optional<CalibrationReport> calibration);

    /** The algorithm that quantizes the weights. */
    default WeightQuantizer quantizer() {
        return WeightQuantizer.ROUND_TO_NEAREST;
    }

    /**
     * What is done to the tensors of a model first.
     *
     * @param sites the model's, in the order of its forward pass
     */
    default TensorTransform transform(List<LinearSite> sites, Optional<CalibrationReport> calibration) {
        return TensorTransform.NONE;
    }

    /** The recipes that have a name, such as {@code mxfp4}, without settings; any pair of formats is one as well. */
    static List<String> names() {
        return RecipeText.names();
    }

    /**
     * Reads a recipe; settings may be in any order and at their default.
     *
     * @throws org.mxforge.runtime.base.MxForgeException naming the text, what is wrong with it and what there is
     */
    static Recipe parse(String text) {
        return RecipeText.parse(text);
    }
}
