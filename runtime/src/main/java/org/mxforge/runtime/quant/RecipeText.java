package org.mxforge.runtime.quant;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.text.Spelling;
import org.mxforge.runtime.base.MxForgeException;

/** The kinds of recipes that texts can name, and what there is where a text names none of them. */
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
            MixedSettings::read);

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
            throw new MxForgeException("cannot read the recipe '" + brief(text) + "': " + e.getMessage(), e);
        }
    }

    private static Recipe uniform(String name, RecipeSettings settings) {
        int slash = name.indexOf('/');
        FormatPair formats = formats(slash < 0 ? name : name.substring(0, slash));
        ScaleRule rule = slash < 0 ? ScaleRule.CEIL : ScaleRule.parse(name.substring(slash + 1));
        return new UniformRecipe(formats, rule, settings.transform());
    }

    private static FormatPair formats(String name) {
        try {
            return UniformRecipe.formats(name);
        } catch (IllegalArgumentException e) {
            String hint = Spelling.hint(name, names());
            throw new IllegalArgumentException(
                    hint.isEmpty() ? brief(e.getMessage()) + "; use " + USAGE : "there is no '" + name + "'" + hint, e);
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
