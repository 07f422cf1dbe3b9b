package org.mxforge.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RecipeAdviceTest {
    private static final RecipeAdvice.Candidate PLAIN = result("bf16", 16, 10);

    private static RecipeAdvice.Candidate result(String recipe, double bits, double perplexity) {
        return new RecipeAdvice.Candidate(recipe, (long) (bits * 1024), perplexity, 10_000);
    }

    @Test
    void theSmallestThatIsGoodEnoughIsTaken() {
        RecipeAdvice advice = RecipeAdvice.of(List.of(
                PLAIN, result("mxfp8", 8.25, 10.05), result("mxfp6-e2m3", 6.25, 10.2), result("mxfp4", 4.25, 12)));
        assertThat(advice.recipe()).isEqualTo("mxfp6-e2m3");
        assertThat(advice.sentence())
                .isEqualTo("Take mxfp6-e2m3: the smallest within 3 % of the perplexity of bf16 (+2.0 %), 6.3 KiB"
                        + " instead of 16.0 KiB.");
    }

    /** Such as one of fewer bits a weight, but with an output head of its own. */
    @Test
    void theWholeModelCounts() {
        RecipeAdvice.Candidate untied = new RecipeAdvice.Candidate("mixed;bits=5.0", 7000, 10.1, 10_000);
        assertThat(RecipeAdvice.of(List.of(PLAIN, untied, result("mxfp6-e2m3", 6.25, 10.2)))
                        .recipe())
                .isEqualTo("mxfp6-e2m3");
    }

    @Test
    void ofTwoAsSmallTheBetterIsTaken() {
        assertThat(RecipeAdvice.of(List.of(PLAIN, result("mxfp6-e3m2", 6.25, 10.2), result("mxfp6-e2m3", 6.25, 10.1)))
                        .recipe())
                .isEqualTo("mxfp6-e2m3");
    }

    @Test
    void whereNoneIsTheNearestIsNamed() {
        RecipeAdvice advice =
                RecipeAdvice.of(List.of(PLAIN, result("mxfp8", 8.25, 11), result("mxfp4", 4.25, Double.MAX_VALUE)));
        assertThat(advice.recipe()).isEqualTo("mxfp8");
        assertThat(advice.sentence()).startsWith("None stays within 3 %").contains("mxfp8 comes nearest, with +10.0 %");
    }

    @Test
    void fewTokensAreToldOf() {
        RecipeAdvice.Candidate few = new RecipeAdvice.Candidate("bf16", 16 << 10, 10, 511);
        assertThat(RecipeAdvice.of(List.of(few, result("mxfp8", 8.25, 10))).sentence())
                .endsWith("Only 511 tokens were scored: a longer text says more.");
    }
}
