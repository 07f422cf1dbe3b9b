package org.mxforge.runtime.refine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.quant.MixedRecipe.Budget.Bits;
import org.mxforge.runtime.refine.Allocation.Unit;

class AllocationTest {
    private static final FormatPair NARROW = FormatPair.parse("e2m1xe2m1");
    private static final FormatPair WIDE = FormatPair.parse("e4m3xe4m3");

    @Property(tries = 40)
    void aSharedBudgetIsKeptAndSpent(
            @ForAll @LongRange(max = 1000) long seed, @ForAll @DoubleRange(min = 4, max = 8) double bits) {
        List<List<Unit>> layers = layers(seed);
        Allocation.Result result = Allocation.of(layers, new Bits(bits, bits, true));
        double found = mean(layers, result, pair -> pair.weight().bits());
        assertThat(found).isLessThanOrEqualTo(bits + 1e-6);
        double size =
                layers.stream().flatMap(List::stream).mapToDouble(Unit::size).sum();
        // No unit that could still be widened is left: the largest step is two bits of the largest unit.
        assertThat((bits - found) * size).isLessThanOrEqualTo(2 * 3);
        assertThat(result.formats())
                .allSatisfy(layer -> assertThat(layer).allMatch(pair -> pair.activation() == pair.weight()));
    }

    @Property(tries = 20)
    void separateBudgetsAreKeptWithAtMostThreePairsALayer(
            @ForAll @LongRange(max = 1000) long seed,
            @ForAll @DoubleRange(min = 4, max = 8) double weights,
            @ForAll @DoubleRange(min = 4, max = 8) double activations) {
        List<List<Unit>> layers = layers(seed);
        Allocation.Result result = Allocation.of(layers, new Bits(weights, activations, false));
        assertThat(mean(layers, result, pair -> pair.weight().bits())).isLessThanOrEqualTo(weights + 1e-6);
        assertThat(mean(layers, result, pair -> pair.activation().bits())).isLessThanOrEqualTo(activations + 1e-6);
        assertThat(result.formats())
                .allSatisfy(layer -> assertThat(layer.stream().distinct()).hasSizeLessThanOrEqualTo(3));
    }

    @Property(tries = 30)
    void noOtherChoiceOfASmallModelIsMuchBetter(
            @ForAll @LongRange(max = 1000) long seed, @ForAll @DoubleRange(min = 4, max = 8) double bits) {
        List<Unit> units = layers(seed).get(0).subList(0, 6);
        Allocation.Result result = Allocation.of(List.of(units), new Bits(bits, bits, true));
        double best =
                best(units, 0, 0, bits * units.stream().mapToDouble(Unit::size).sum());
        double widest =
                units.stream().mapToDouble(unit -> unit.loss(NARROW)).max().orElseThrow();
        // The relaxation misses the optimum by less than what one unit can cost.
        assertThat(result.loss()).isBetween(best - 1e-9, best + widest);
    }

    private static double best(List<Unit> units, int next, double spent, double room) {
        if (spent > room + 1e-9) {
            return Double.POSITIVE_INFINITY;
        }
        if (next == units.size()) {
            return 0;
        }
        double least = Double.POSITIVE_INFINITY;
        for (ElementFormat format : Allocation.FORMATS) {
            Unit unit = units.get(next);
            double loss = unit.loss(new FormatPair(format, format));
            least = Math.min(least, loss + best(units, next + 1, spent + format.bits() * unit.size(), room));
        }
        return least;
    }

    @Test
    void theEndsOfTheRangeAreUniform() {
        assertThat(Allocation.of(layers(1), new Bits(4, 4, true)).formats())
                .allSatisfy(layer -> assertThat(layer).containsOnly(NARROW));
        assertThat(Allocation.of(layers(1), new Bits(8, 8, true)).formats())
                .allSatisfy(layer -> assertThat(layer).containsOnly(WIDE));
    }

    @Test
    void aBudgetOutsideTheRangeIsRefusedWithIt() {
        assertThatThrownBy(() -> Allocation.of(layers(1), new Bits(3.5, 3.5, true)))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("from 4 to 8");
        assertThatThrownBy(() -> Allocation.of(layers(1), new Bits(5, 9, false)))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("activations")
                .hasMessageContaining("from 4 to 8");
    }

    private static double mean(List<List<Unit>> layers, Allocation.Result result, ToIntFunction<FormatPair> bits) {
        double sum = 0;
        double size = 0;
        for (int i = 0; i < layers.size(); i++) {
            for (int u = 0; u < layers.get(i).size(); u++) {
                double own = layers.get(i).get(u).size();
                sum += own * bits.applyAsInt(result.formats().get(i).get(u));
                size += own;
            }
        }
        return sum / size;
    }

    /** Losses that fall with the bits, by different factors. */
    static List<List<Unit>> layers(long seed) {
        Random random = new Random(seed);
        return IntStream.range(0, 5)
                .mapToObj(layer -> {
                    double size = 1 + layer % 3;
                    return IntStream.range(0, 8)
                            .mapToObj(unit -> new Unit(size, losses(random), losses(random)))
                            .toList();
                })
                .toList();
    }

    private static double[] losses(Random random) {
        double narrow = Math.exp(2 * random.nextGaussian());
        return new double[] {narrow, narrow * (0.02 + 0.1 * random.nextDouble()), narrow * 0.02 * random.nextDouble()};
    }
}
