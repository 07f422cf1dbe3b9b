package org.mxforge.runtime.cli.model;

import org.mxforge.runtime.ModelSize;
import org.mxforge.runtime.quant.Recipe;

/**
 * How the bundled model does under one recipe.
 *
 * @param recipe how it was quantized
 * @param size what its tensors take
 * @param perplexity of the bundled text
 * @param tokens that were scored
 * @param scoringRate tokens a second while the text was scored
 * @param generationRate tokens a second after the first while the prompt was continued; 0 where that was all
 * @param continuation what followed the prompt
 */
record DemoResult(
        Recipe recipe,
        ModelSize size,
        double perplexity,
        long tokens,
        double scoringRate,
        double generationRate,
        String continuation) {}
