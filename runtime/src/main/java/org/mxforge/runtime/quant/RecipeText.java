package org.mxforge.runtime.quant;

import org.mxforge.runtime.base.MxForgeException;

/** Reads recipe texts and says in one sentence what there is when one cannot be read. */
final class RecipeText {
    private RecipeText() {}

    static Recipe parse(String text) {
        try {
            if (text.equals(PlainRecipe.TEXT)) {
                return new PlainRecipe();
            }
            if (text.equals(MicroMixRecipe.NAME)) {
                return MicroMixRecipe.DEFAULT;
            }
            if (text.startsWith(MicroMixRecipe.NAME + ";")) {
                return MicroMixRecipe.read(text.substring(MicroMixRecipe.NAME.length() + 1));
            }
            return UniformRecipe.read(text);
        } catch (IllegalArgumentException e) {
            throw new MxForgeException(
                    "cannot read the recipe '" + brief(text) + "' (" + brief(e.getMessage()) + "): use "
                            + PlainRecipe.TEXT + ", "
                            + String.join(", ", UniformRecipe.names())
                            + ", a pair such as e4m3xe2m1, each with /floor or /even for another scale rule, or"
                            + " micromix with settings fp6, fp8, weights, metric, lambda or p4, p6, p8, granularity"
                            + " and rule, such as micromix;weights=fp4;granularity=32",
                    e);
        }
    }

    /** The text may come from a file of any content. */
    private static String brief(String text) {
        return text.length() > 120 ? text.substring(0, 120) + "..." : text;
    }
}
