package org.mxforge.runtime.quant;

import java.util.Map;
import java.util.function.Function;
import org.mxforge.runtime.base.MxForgeException;

/** The kinds of recipes that texts can name, and the one sentence that says what there is when a text cannot be read. */
final class RecipeText {
    /** By the name that a text begins with, up to a semicolon; what follows are settings. Other texts are format pairs. */
    private static final Map<String, Function<RecipeSettings, Recipe>> NAMED =
            Map.of(PlainRecipe.NAME, settings -> new PlainRecipe(), MicroMixRecipe.NAME, MicroMixRecipe::read);

    private static final String USAGE =
            String.join(", ", PlainRecipe.NAME, UniformRecipe.USAGE, "or " + MicroMixRecipe.USAGE);

    private RecipeText() {}

    static Recipe parse(String text) {
        try {
            int end = text.indexOf(';');
            Function<RecipeSettings, Recipe> named = NAMED.get(end < 0 ? text : text.substring(0, end));
            if (named == null) {
                return UniformRecipe.read(text);
            }
            RecipeSettings settings = end < 0 ? RecipeSettings.none() : RecipeSettings.read(text.substring(end + 1));
            return settings.end(named.apply(settings));
        } catch (IllegalArgumentException e) {
            throw new MxForgeException(
                    "cannot read the recipe '" + brief(text) + "' (" + brief(e.getMessage()) + "): use " + USAGE, e);
        }
    }

    /** The text may come from a file of any content. */
    private static String brief(String text) {
        return text.length() > 120 ? text.substring(0, 120) + "..." : text;
    }
}
