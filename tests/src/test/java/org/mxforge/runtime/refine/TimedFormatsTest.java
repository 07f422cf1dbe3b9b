package org.mxforge.runtime.refine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.Partition;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.LinearLayer;
import org.mxforge.runtime.quant.LinearSite;
import org.mxforge.runtime.quant.MixedRecipe;
import org.mxforge.runtime.quant.MixedRecipe.Budget.Milliseconds;
import org.mxforge.runtime.quant.Recipe;

/** On a device whose times are made up. */
class TimedFormatsTest {
    private static final List<List<LinearSite>> SITES = IntStream.range(0, 5)
            .mapToObj(i -> List.of(new LinearSite(
                    "site." + i, List.of(new LinearLayer("layer." + i, 64 * (1 + i % 3), 8 * 32, false)))))
            .toList();

    /** Like a Hopper: E4M3 activations take twice as long, weights only count where few tokens are multiplied, several parts take more. */
    private static double millis(LinearSite site, InputQuantization input, int tokens) {
        double sum = 0;
        for (Partition part : input.split().partitions()) {
            FormatPair pair = part.formats();
            double one =
                    tokens == 1 ? 0.01 * pair.weight().bits() : pair.activation() == ElementFormat.E4M3 ? 2.0 : 1.0;
            sum += one * part.channels() / input.split().channels();
        }
        double seam = input.split().partitions().size() > 1 ? 0.1 : 0;
        return (sum + seam) * site.products().get(0).outputs() / 64;
    }

    private static SitePlan.Formats find(long seed, String budget) {
        MixedRecipe recipe = Recipe.parse("mixed;" + budget).mixed().orElseThrow();
        Milliseconds time = recipe.budget().map(1, bits -> null, millis -> millis);
        return new TimedFormats(SITES, recipe, time, TimedFormatsTest::millis, Progress.SILENT)
                .find(AllocationTest.layers(seed));
    }

    /** What formats really take. */
    private static double real(SitePlan.Formats found, int prefill, int decode) {
        double sum = 0;
        for (int i = 0; i < SITES.size(); i++) {
            ChannelSplit split = SitePlan.split(found.choice().formats().get(i), 32);
            InputQuantization input =
                    InputQuantization.inOrder(split, Recipe.parse("mixed").rule());
            LinearSite site = SITES.get(i).get(0);
            sum += (prefill > 0 ? millis(site, input, prefill) : 0) + decode * millis(site, input, 1);
        }
        return sum;
    }

    @Property(tries = 30)
    void theBudgetIsKeptAndWhatIsSaidIsTaken(
            @ForAll @LongRange(max = 1000) long seed, @ForAll @DoubleRange(min = 12.7, max = 26) double millis) {
        SitePlan.Formats found = find(seed, "ms=" + millis + ";decode=10");
        assertThat(found.time().orElseThrow().millis())
                .isLessThanOrEqualTo(millis + 1e-6)
                .isCloseTo(real(found, 2048, 10), within(1e-6));
        assertThat(found.time().orElseThrow().measured()).isEqualTo(SITES.size());
    }

    @Property(tries = 20)
    void atTheTimeOfAUniformModelItIsBetterThanThat(@ForAll @LongRange(max = 1000) long seed) {
        FormatPair fp6 = FormatPair.parse("e2m3xe2m3");
        double uniform = SITES.stream()
                .mapToDouble(alike -> millis(
                        alike.get(0),
                        InputQuantization.inOrder(
                                ChannelSplit.uniform(fp6, 256),
                                Recipe.parse("mixed").rule()),
                        2048))
                .sum();
        double loss = AllocationTest.layers(seed).stream()
                .flatMap(List::stream)
                .mapToDouble(unit -> unit.loss(fp6))
                .sum();
        SitePlan.Formats found = find(seed, "ms=" + uniform + ";decode=0");
        assertThat(found.choice().loss()).as("E4M3 weights are free here").isLessThan(loss);
        assertThat(real(found, 2048, 0)).isLessThanOrEqualTo(uniform + 1e-6);
    }

    @Test
    void aBudgetThatNothingKeepsIsRefusedWithTheRange() {
        assertThatThrownBy(() -> find(1, "ms=2;decode=0"))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("2.000 ms here for the linear layers of a prompt of 2,048 tokens and 0 steps")
                .hasMessageContaining("give 9.000 or more, or 18.00 for all of them in MXFP8");
    }
}
