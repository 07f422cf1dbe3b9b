package org.mxforge.runtime.quant;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.mxforge.dsl.text.Spelling;
import org.mxforge.runtime.base.MxForgeException;

/** The kinds of recipes that texts can name, and the one sentence that says what there is when a text cannot be read. */
final class RecipeText {
    /** By the name that a text begins with, up to a semicolon; what follows are settings. Other texts are format pairs. */
    private static final Map<String, Function<RecipeSettings, Recipe>> NAMED = Map.of(
            PlainRecipe.NAME,
            settings -> new PlainRecipe(),
            Int8Recipe.NAME,
            settings -> new Int8Recipe(),
            MicroMixRecipe.NAME,
            MicroMixRecipe::read,
            MixedRecipe.NAME,
            MixedRecipe::read);

    private static final String USAGE = String.join(
            ", ",
            PlainRecipe.NAME,
            Int8Recipe.NAME,
            UniformRecipe.USAGE,
            MicroMixRecipe.USAGE,
            "or " + MixedRecipe.USAGE);

    private RecipeText() {}

    static Recipe parse(String text) {
        try {
            int end = text.indexOf(';');
            String name = end < 0 ? text : text.substring(0, end);
            Function<RecipeSettings, Recipe> named = NAMED.getOrDefault(name, settings -> uniform(name, settings));
            RecipeSettings settings = end < 0 ? RecipeSettings.none() : RecipeSettings.read(text.substring(end + 1));
            return settings.end(named.apply(settings));
        } catch (IllegalArgumentException e) {
            throw new MxForgeException(
                    "cannot read the recipe '" + brief(text) + "' (" + brief(e.getMessage()) + "): use " + USAGE, e);
        }
    }

    private static Recipe uniform(String name, RecipeSettings settings) {
        try {
            return UniformRecipe.read(name, settings);
        } catch (IllegalArgumentException e) {
            String formats = name.split("/", 2)[0];
            String hint = names().contains(formats) ? "" : Spelling.hint(formats, names());
            throw hint.isEmpty() ? e : new IllegalArgumentException("there is no such recipe" + hint, e);
        }
    }

    /** The texts of recipes that have a name, without settings. */
    static List<String> names() {
        return Stream.of(
                        Stream.of(PlainRecipe.NAME, Int8Recipe.NAME),
                        UniformRecipe.names().stream(),
                        Stream.of(MicroMixRecipe.NAME, MixedRecipe.NAME))
                .flatMap(names -> names)
                .toList();
    }

    /** The text may come from a file of any content. */
    private static String brief(String text) {
        return text.length() > 120 ? text.substring(0, 120) + "..." : text;
    }
}
