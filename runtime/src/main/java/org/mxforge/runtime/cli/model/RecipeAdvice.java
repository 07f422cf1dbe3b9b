package org.mxforge.runtime.cli.model;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.mxforge.runtime.base.ByteSize;

/**
 * Which of several recipes to take, and why.
 *
 * @param recipe its text
 * @param sentence the reason
 */
record RecipeAdvice(String recipe, String sentence) {
    /** How much worse than the plain model a recipe may be and still be taken for its size; less is hardly noticed in texts. */
    private static final double TOLERATED = 0.03;

    /** Fewer scored tokens say little about differences of a few per cent. */
    private static final long FEW_TOKENS = 10_000;

    /** @param results of the plain model first, then of the recipes */
    static RecipeAdvice of(List<Compared> results) {
        Compared plain = results.get(0);
        List<Compared> recipes = results.subList(1, results.size());
        if (recipes.isEmpty()) {
            return new RecipeAdvice(plain.recipe().text(), "There is nothing to choose from: give more --recipes.");
        }
        Comparator<Compared> bySize =
                Comparator.comparingLong(result -> result.size().bytes());
        Compared taken = recipes.stream()
                .filter(result -> loss(result, plain) <= TOLERATED)
                .min(bySize.thenComparing(Compared::perplexity))
                .orElse(null);
        String sentence;
        if (taken == null) {
            taken = recipes.stream()
                    .min(Comparator.comparingDouble(Compared::perplexity))
                    .orElseThrow();
            sentence = String.format(
                    Locale.ROOT,
                    "None stays within %.0f %% of the perplexity of %s; %s comes nearest, with %s.",
                    100 * TOLERATED,
                    plain.recipe().text(),
                    taken.recipe().text(),
                    lossText(taken, plain));
        } else {
            sentence = String.format(
                    Locale.ROOT,
                    "Take %s: the smallest within %.0f %% of the perplexity of %s (%s), %s instead of %s.",
                    taken.recipe().text(),
                    100 * TOLERATED,
                    plain.recipe().text(),
                    lossText(taken, plain),
                    ByteSize.text(taken.size().bytes()),
                    ByteSize.text(plain.size().bytes()));
        }
        return new RecipeAdvice(taken.recipe().text(), sentence + caution(plain.tokens()));
    }

    private static double loss(Compared result, Compared plain) {
        return result.perplexity() / plain.perplexity() - 1;
    }

    private static String lossText(Compared result, Compared plain) {
        return String.format(Locale.ROOT, "%+.1f %%", 100 * loss(result, plain));
    }

    private static String caution(long tokens) {
        return tokens >= FEW_TOKENS
                ? ""
                : String.format(Locale.ROOT, " Only %,d tokens were scored: a longer text says more.", tokens);
    }
}
