package org.mxforge.runtime.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalInt;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.spec.GroupTransform;
import org.mxforge.runtime.base.MxForgeException;

class RecipeTest {
    @Property
    void canonicalTextReadsBack(@ForAll("recipes") Recipe recipe) {
        assertThat(Recipe.parse(recipe.text())).isEqualTo(recipe);
    }

    @Property
    void aPartitioningsTextReadsBack(@ForAll("partitionings") Partitioning partitioning) {
        assertThat(Partitioning.parse(partitioning.text())).isEqualTo(partitioning);
    }

    @ParameterizedTest
    @CsvSource({
        "bf16, bf16",
        "mxfp8, mxfp8",
        "mxfp8/ceil, mxfp8",
        "e4m3xe4m3, mxfp8",
        "mxfp6-e2m3, mxfp6-e2m3",
        "mxfp4/floor, mxfp4/floor",
        "e5m2xe2m1/even, e5m2xe2m1/even",
        "mxfp4/clip, mxfp4/clip",
        "mxfp4;hadamard=32, mxfp4;hadamard=32",
        "e2m1xe2m1/clip;hadamard=032, mxfp4/clip;hadamard=32",
        "int8, int8",
        "micromix, micromix",
        "micromix;lambda=1;granularity=128;fp6=e3m2, micromix",
        "micromix;rule=floor;fp6=e2m3, micromix;fp6=e2m3;rule=floor",
        "micromix;hadamard=32;rule=clip, micromix;rule=clip;hadamard=32",
        "micromix;granularity=32;weights=fp4;lambda=0.5, micromix;weights=fp4;lambda=0.5;granularity=32",
        "micromix;granularity=64;shares=70:020:10, micromix;shares=70:20:10;granularity=64",
        "micromix;p8=256;metric=hessian, micromix;metric=hessian;p6=0;p8=256",
    })
    void textsHaveOneCanonicalForm(String text, String canonical) {
        assertThat(Recipe.parse(text).text()).isEqualTo(canonical);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fp8",
                "mxfp6",
                "MXFP8",
                "mxfp8/round",
                "mxfp8/",
                "mxfp8;",
                "mxfp8;hadamard=16",
                "mxfp8;hadamard=yes",
                "mxfp8;hadamard=32;hadamard=32",
                "mxfp8;granularity=32",
                "bf16;hadamard=32",
                "micromix;",
                "micromix;granularity=16",
                "micromix;lambda=0",
                "micromix;lambda=-1",
                "micromix;lambda=NaN",
                "micromix;lambda=1e400",
                "micromix;lambda=0x1p3",
                "micromix;lambda=1;lambda=2",
                "micromix;lambda=1;p8=128",
                "micromix;lambda=1;shares=70:20:10",
                "micromix;shares=70:20:10;p6=128",
                "micromix;shares=70:20:20",
                "micromix;shares=70:30",
                "micromix;shares=-10:60:50",
                "micromix;fp6=e4m3",
                "micromix;fp8=e2m1",
                "micromix;colour=red",
                "micromix;p8=99999999999",
                "micromix;weights=fp6",
                "micromix granularity=32",
            })
    void badTextsAreRefused(String text) {
        assertThatThrownBy(() -> Recipe.parse(text))
                .isInstanceOf(MxForgeException.class)
                .hasMessageStartingWith("cannot read the recipe '" + text + "': ")
                .hasMessageNotContaining("; use ");
    }

    /** Which is much, and therefore not said of a recipe that there is. */
    @ParameterizedTest
    @ValueSource(strings = {"", "e4m3x", "something"})
    void whatThereIsIsSaidWhereNothingIsNear(String text) {
        assertThatThrownBy(() -> Recipe.parse(text))
                .isInstanceOf(MxForgeException.class)
                .hasMessageStartingWith("cannot read the recipe '" + text + "': ")
                .hasMessageContainingAll("bf16", "mxfp4", "mxfp6-e3m2", "mxfp6-e2m3", "mxfp8", "micromix");
    }

    @Test
    void microMixGivesEachPartItsFormats() {
        PartCounts counts = new PartCounts(256, 0, 128);
        assertThat(MicroMixRecipe.DEFAULT.split(counts).text()).isEqualTo("e2m1xe2m1:256+e4m3xe4m3:128/128");
        assertThat(((MicroMixRecipe) Recipe.parse("micromix;weights=fp4;fp6=e2m3;granularity=32"))
                        .split(new PartCounts(32, 64, 96))
                        .text())
                .isEqualTo("e2m1xe2m1:32+e2m3xe2m1:64+e4m3xe2m1:96/32");
    }

    @Provide
    Arbitrary<Recipe> recipes() {
        Arbitrary<ElementFormat> formats = Arbitraries.of(ElementFormat.class);
        Arbitrary<ScaleRule> rules = Arbitraries.of(ScaleRule.class);
        Arbitrary<GroupTransform> transforms = Arbitraries.of(GroupTransform.class);
        Arbitrary<Recipe> uniform = Combinators.combine(formats, formats, rules, transforms)
                .as((a, w, rule, transform) -> new UniformRecipe(new FormatPair(a, w), rule, transform));
        Arbitrary<Recipe> mixed = Combinators.combine(
                        Arbitraries.of(ElementFormat.E3M2, ElementFormat.E2M3),
                        Arbitraries.of(ElementFormat.E4M3, ElementFormat.E5M2),
                        Arbitraries.of(WeightFormats.class),
                        partitionings(),
                        rules,
                        transforms)
                .as(MicroMixRecipe::new);
        return Arbitraries.oneOf(Arbitraries.just(new PlainRecipe()), uniform, mixed);
    }

    @Provide
    Arbitrary<Partitioning> partitionings() {
        Arbitrary<PartSizes> byThreshold = Arbitraries.doubles()
                .between(0, false, 1e300, true)
                .ofScale(12)
                .filter(lambda -> lambda > 0)
                .map(PartSizes.ByThreshold::new);
        Arbitrary<Integer> counts = Arbitraries.integers().between(0, 1000).map(blocks -> 32 * blocks);
        Arbitrary<PartSizes> byHand = Combinators.combine(counts.optional(), counts, counts)
                .as((p4, p6, p8) -> new PartSizes.ByHand(p4.map(OptionalInt::of).orElse(OptionalInt.empty()), p6, p8));
        Arbitrary<PartSizes> byShare = Arbitraries.integers().between(0, 100).flatMap(p4 -> Arbitraries.integers()
                .between(0, 100 - p4)
                .map(p6 -> new PartSizes.ByShare(p4, p6, 100 - p4 - p6)));
        return Combinators.combine(
                        Arbitraries.of(SortMetric.class),
                        Arbitraries.oneOf(byThreshold, byHand, byShare),
                        Arbitraries.of(32, 64, 128))
                .as(Partitioning::new);
    }
}
