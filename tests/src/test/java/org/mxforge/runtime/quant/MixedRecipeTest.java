package org.mxforge.runtime.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.quant.MixedRecipe.Smoothing;

class MixedRecipeTest {
    @ParameterizedTest
    @CsvSource({
        "mixed, mixed;bits=5.0",
        "mixed;bits=4.50, mixed;bits=4.5",
        "mixed;a=6;w=4.5, mixed;w=4.5;a=6.0",
        "mixed;bytes=4.5e3, mixed;bytes=4500",
        "mixed;bytes=4.5e9, mixed;bytes=4500000000",
        "mixed;ms=12.5, mixed;ms=12.5",
        "mixed;smooth=0.50, mixed;bits=5.0;smooth=0.5",
        "mixed;ms=3;decode=0;prefill=512, mixed;ms=3.0;prefill=512;decode=0",
        "mixed;hadamard=32;rotate=on;smooth=balanced;rule=clip;round=asymmetric;granularity=32, mixed;bits=5.0",
        "mixed;smooth=off;centre=on, mixed;bits=5.0;centre=on;smooth=off",
        "mixed;centre=off, mixed;bits=5.0",
        "mixed;bits=6;round=gptq;rotate=off, mixed;bits=6.0;round=gptq",
        "mixed;bits=5.75;rotate=on, mixed;bits=5.75;rotate=on",
        "mixed;w=5.7;a=8;rotate=on, mixed;w=5.7;a=8.0",
        "mixed;smooth=off;hadamard=off;rule=ceil;granularity=128;round=nearest,"
                + " mixed;bits=5.0;smooth=off;hadamard=off;rule=ceil;round=nearest;granularity=128"
    })
    void textsAreReadBack(String text, String canonical) {
        Recipe recipe = Recipe.parse(text);
        assertThat(recipe.text()).isEqualTo(canonical);
        assertThat(Recipe.parse(canonical)).isEqualTo(recipe);
        assertThat(recipe.mixed()).contains((MixedRecipe) recipe);
    }

    @ParameterizedTest
    @CsvSource({
        "mixed;bits=5;w=4, w and a together",
        "mixed;w=4, w and a together",
        "mixed;bits=4;bytes=4000, or bytes",
        "mixed;rotate=yes, neither on nor off",
        "mixed;centre=32, neither on nor off",
        "mixed;smooth=1.5, not from 0 to 1",
        "mixed;smooth=strong, neither balanced nor off",
        "mixed;hadamard=64, neither 32 nor off",
        "mixed;round=down, 'asymmetric, gptq or nearest'",
        "mixed;granularity=48, '32, 64 or 128'",
        "mixed;bits=4;ms=4, or ms",
        "mixed;ms=0, not a number above 0",
        "mixed;ms=1;prefill=0;decode=0, both 0",
        "mixed;decode=5, unknown setting 'decode'",
        "mixed;bit=5, did you mean",
        "mixed;bits=9, bits '9.0' is not from 4 to 8",
        "mixed;w=4;a=3.5, a '3.5' is not from 4 to 8"
    })
    void badOnesAreRefused(String text, String message) {
        assertThatThrownBy(() -> Recipe.parse(text))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining(message);
    }

    @Test
    void bytesAreThoseOfCodesAndScales() {
        MixedRecipe.Budget budget =
                Recipe.parse("mixed;bytes=5250").mixed().orElseThrow().budget();
        assertThat(budget.<MixedRecipe.Budget>map(8000, bits -> bits, time -> time))
                .isEqualTo(MixedRecipe.Budget.Bits.of(5.0));
    }

    /** What a budget comes to is known with the model; a rotation does harm from 5.75 bits on. */
    @ParameterizedTest
    @CsvSource({
        "mixed;bytes=5250, true",
        "mixed;bytes=5999, true",
        "mixed;bytes=6000, false",
        "mixed;bytes=6000;rotate=on, true",
        "mixed;bytes=5250;rotate=off, false",
        "mixed;bits=5.7, true",
        "mixed;bits=5.75, false",
        "mixed;ms=20, true"
    })
    void tightBudgetsRotate(String text, boolean rotates) {
        MixedRecipe recipe = Recipe.parse(text).mixed().orElseThrow();
        assertThat(recipe.rotates(8000)).isEqualTo(rotates);
        assertThat(Recipe.parse(recipe.text())).isEqualTo(recipe);
    }

    @Test
    void smoothingBalancesSquaresOrLargestValues() {
        Smoothing.Magnitude input = new Smoothing.Magnitude(16, 8);
        Smoothing.Magnitude weights = new Smoothing.Magnitude(1, 2);
        assertThat(Math.exp(new Smoothing.Balanced().log(input, weights))).isCloseTo(0.5, within(1e-12));
        assertThat(Math.exp(new Smoothing.Largest(0.5).log(input, weights))).isCloseTo(0.5, within(1e-12));
        assertThat(Math.exp(new Smoothing.Largest(1).log(input, weights))).isCloseTo(0.125, within(1e-12));
    }

    @Test
    void withoutASearchThereIsNothingToDo() {
        LinearSite site = new LinearSite("a.site", List.of(new LinearLayer("a.layer", 32, 64, false)));
        assertThatThrownBy(() -> Recipe.parse("mixed").input(site, Optional.empty()))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("searched for on a text");
    }

    @ParameterizedTest
    @CsvSource({
        "micromix;preset=main, micromix",
        "micromix;preset=paper, micromix;lambda=0.144",
        "w4a8, e4m3xe2m1",
        "w6a8, e4m3xe2m3"
    })
    void namesStandForOtherTexts(String name, String text) {
        assertThat(Recipe.parse(name)).isEqualTo(Recipe.parse(text));
        assertThat(Recipe.parse(name).text()).isEqualTo(text);
    }
}
