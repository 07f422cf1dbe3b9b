package org.mxforge.runtime;

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
public record RecipeAdvice(String recipe, String sentence) {
    /**
     * A recipe that was tried on a model.
     *
     * @param recipe its text
     * @param bytes of the model
     * @param perplexity of a text
     * @param tokens that were scored
     */
    public record Candidate(String recipe, long bytes, double perplexity, long tokens) {}

    /** How much worse than the plain model a recipe may be and still be taken for its size; less is hardly noticed in texts. */
    private static final double TOLERATED = 0.03;

    /** Fewer scored tokens say little about differences of a few per cent. */
    private static final long FEW_TOKENS = 10_000;

    /** @param results of the plain model first, then of the recipes */
    public static RecipeAdvice of(List<Candidate> results) {
        Candidate plain = results.get(0);
        List<Candidate> recipes = results.subList(1, results.size());
        if (recipes.isEmpty()) {
            return new RecipeAdvice(plain.recipe(), "There is nothing to choose from: give more --recipes.");
        }
        Comparator<Candidate> bySize = Comparator.comparingLong(Candidate::bytes);
        Candidate taken = recipes.stream()
                .filter(result -> loss(result, plain) <= TOLERATED)
                .min(bySize.thenComparing(Candidate::perplexity))
                .orElse(null);
        String sentence;
        if (taken == null) {
            taken = recipes.stream()
                    .min(Comparator.comparingDouble(Candidate::perplexity))
                    .orElseThrow();
            sentence = String.format(
                    Locale.ROOT,
                    "None stays within %.0f %% of the perplexity of %s; %s comes nearest, with %s.",
                    100 * TOLERATED,
                    plain.recipe(),
                    taken.recipe(),
                    lossText(taken, plain));
        } else {
            sentence = String.format(
                    Locale.ROOT,
                    "Take %s: the smallest within %.0f %% of the perplexity of %s (%s), %s instead of %s.",
                    taken.recipe(),
                    100 * TOLERATED,
                    plain.recipe(),
                    lossText(taken, plain),
                    ByteSize.text(taken.bytes()),
                    ByteSize.text(plain.bytes()));
        }
        return new RecipeAdvice(taken.recipe(), sentence + caution(plain.tokens()));
    }

    private static double loss(Candidate result, Candidate plain) {
        return result.perplexity() / plain.perplexity() - 1;
    }

    private static String lossText(Candidate result, Candidate plain) {
        return String.format(Locale.ROOT, "%+.1f %%", 100 * loss(result, plain));
    }

    private static String caution(long tokens) {
        return tokens >= FEW_TOKENS
                ? ""
                : String.format(Locale.ROOT, " Only %,d tokens were scored: a longer text says more.", tokens);
    }
}
