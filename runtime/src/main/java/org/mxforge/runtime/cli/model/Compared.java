package org.mxforge.runtime.cli.model;

import java.util.List;
import org.mxforge.runtime.ModelSize;
import org.mxforge.runtime.RecipeAdvice;
import org.mxforge.runtime.quant.Recipe;

/**
 * How a model does under one recipe.
 *
 * @param recipe how it was quantized
 * @param size what its tensors take
 * @param activationBits mean bits of an activation that a linear layer reads, scales included
 * @param perplexity of the text
 * @param tokens that were scored
 * @param scoringRate tokens a second while the text was scored
 * @param generationRate tokens a second after the first while the prompt was continued; 0 where that was all
 * @param continuation what followed the prompt
 */
record Compared(
        Recipe recipe,
        ModelSize size,
        double activationBits,
        double perplexity,
        long tokens,
        double scoringRate,
        double generationRate,
        String continuation) {
    /** Which of several to take. */
    static RecipeAdvice advice(List<Compared> results) {
        return RecipeAdvice.of(results.stream()
                .map(result -> new RecipeAdvice.Candidate(
                        result.recipe.text(), result.size.bytes(), result.perplexity, result.tokens))
                .toList());
    }
}
