package org.mxforge.runtime.quant;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.spec.GroupTransform;
import org.mxforge.runtime.quant.MixedRecipe.Budget;
import org.mxforge.runtime.quant.MixedRecipe.Rounding;
import org.mxforge.runtime.quant.MixedRecipe.Smoothing;

/** Reads the settings of a {@link MixedRecipe}. */
final class MixedSettings {
    private MixedSettings() {}

    /** Takes the settings after the name; an {@link IllegalArgumentException} says what is wrong with them. */
    static MixedRecipe read(RecipeSettings settings) {
        Budget budget = budget(settings);
        return new MixedRecipe(
                budget,
                settings.take("rotate", text -> Optional.of(onOff("rotate", text, "on")), Optional.empty()),
                settings.take("centre", text -> onOff("centre", text, "on"), MixedRecipe.DEFAULT.centre()),
                settings.take("smooth", MixedSettings::smoothing, MixedRecipe.DEFAULT.smooth()),
                settings.take("hadamard", text -> onOff("hadamard", text, "32"), true)
                        ? GroupTransform.HADAMARD
                        : GroupTransform.NONE,
                settings.take("rule", ScaleRule::parse, MixedRecipe.DEFAULT.rule()),
                settings.take("round", Rounding::parse, MixedRecipe.DEFAULT.round()),
                settings.whole("granularity", MixedRecipe.DEFAULT.granularity()));
    }

    private static Budget budget(RecipeSettings settings) {
        OptionalDouble bits = bits(settings, "bits");
        OptionalDouble weights = bits(settings, "w");
        OptionalDouble activations = bits(settings, "a");
        OptionalDouble bytes = settings.real("bytes");
        OptionalDouble millis = settings.real("ms");
        long given = Stream.of(bits, weights, bytes, millis)
                .filter(OptionalDouble::isPresent)
                .count();
        if (given > 1 || weights.isPresent() != activations.isPresent()) {
            throw new IllegalArgumentException("a budget is bits, or bytes, or ms, or w and a together");
        }
        if (bytes.isPresent()) {
            return new Budget.Bytes((long) bytes.getAsDouble());
        }
        if (millis.isPresent()) {
            return new Budget.Milliseconds(
                    millis.getAsDouble(),
                    settings.whole("prefill", Budget.Milliseconds.PREFILL),
                    settings.whole("decode", Budget.Milliseconds.DECODE));
        }
        return weights.isPresent()
                ? new Budget.Bits(weights.getAsDouble(), activations.getAsDouble(), false)
                : bits.isPresent() ? Budget.Bits.of(bits.getAsDouble()) : MixedRecipe.DEFAULT.budget();
    }

    /** What no choice of formats has is refused here, before anything is searched for. */
    private static OptionalDouble bits(RecipeSettings settings, String name) {
        OptionalDouble bits = settings.real(name);
        bits.ifPresent(number -> {
            if (!(number >= ElementFormat.E2M1.bits() && number <= ElementFormat.E4M3.bits())) {
                throw new IllegalArgumentException(name + " '" + number + "' is not from 4 to 8");
            }
        });
        return bits;
    }

    private static Smoothing smoothing(String text) {
        if (text.equals("off")) {
            return new Smoothing.Off();
        }
        if (text.equals("balanced")) {
            return new Smoothing.Balanced();
        }
        if (!text.matches("\\d(\\.\\d{1,9})?")) {
            throw new IllegalArgumentException(
                    "smooth '" + text + "' is neither balanced nor off nor a number from 0 to 1, SmoothQuant's alpha");
        }
        return new Smoothing.Largest(Double.parseDouble(text));
    }

    private static boolean onOff(String name, String text, String on) {
        if (!text.equals(on) && !text.equals("off")) {
            throw new IllegalArgumentException(name + " '" + text + "' is neither " + on + " nor off");
        }
        return text.equals(on);
    }
}
