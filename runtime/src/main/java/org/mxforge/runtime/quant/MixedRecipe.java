package org.mxforge.runtime.quant;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.spec.GroupTransform;
import org.mxforge.runtime.base.MxForgeException;

/**
 * Formats by predicted loss: the model is rotated and smoothed, every group of 32 channels of every site gets the format that a budget buys
 * the least loss with, and weights are rounded in the light of the inputs that they will see. Settings, with defaults:
 *
 * <ul>
 *   <li>{@code bits=5.0}, mean bits of a weight and of an activation, scales not counted; or {@code w=4.5;a=6.0}, each its own; or
 *       {@code bytes=4.5e9} of codes and scales; or {@code ms=20}, milliseconds of {@code prefill=2048} and {@code decode=128}, see
 *       {@link Budget.Milliseconds};
 *   <li>{@code rotate=on} or {@code off}, which is what is done with 5.75 bits or more, {@code centre=off} or {@code on}, {@code smooth=balanced}, {@code off} or a number from 0 to 1, see {@link Smoothing},
 *       {@code hadamard=32} or {@code off};
 *   <li>{@code rule=clip}, or {@code ceil}, {@code floor} or {@code even}, for activations;
 *   <li>{@code round=asymmetric}, {@code gptq} or {@code nearest}, see {@link Rounding};
 *   <li>{@code granularity=32}, 64 or 128.
 * </ul>
 *
 * @param budget what may be spent
 * @param rotate whether the residual stream and the values are rotated; empty where that is what suits the budget
 * @param centre whether the mean of what norms give is taken off before it is quantized, and made good by biases
 * @param smooth how channels are scaled
 * @param transform what groups go through first
 * @param rule how scales of activations are chosen
 * @param round how weights are rounded
 * @param granularity every part is a multiple of it
 */
public record MixedRecipe(
        Budget budget,
        Optional<Boolean> rotate,
        boolean centre,
        Smoothing smooth,
        GroupTransform transform,
        ScaleRule rule,
        Rounding round,
        int granularity)
        implements Recipe {
    static final String NAME = "mixed";
    static final String USAGE = NAME
            + " with settings bits, or w and a, or bytes, or ms with prefill and decode, rotate, centre, smooth,"
            + " hadamard, rule, round and granularity, such as "
            + NAME + ";bits=4.5";

    /** Everything at its default. */
    static final MixedRecipe DEFAULT = new MixedRecipe(
            Budget.Bits.of(5.0),
            Optional.empty(),
            false,
            new Smoothing.Balanced(),
            GroupTransform.HADAMARD,
            ScaleRule.CLIP,
            Rounding.ASYMMETRIC,
            32);

    /** What may be spent on the linear layers. */
    public sealed interface Budget {
        /**
         * What one of two makes of it, according to what is limited.
         *
         * @param weights how many the model has
         */
        <T> T map(long weights, Function<Bits, T> bits, Function<Milliseconds, T> time);

        /**
         * Refuses what no choice of formats keeps to.
         *
         * @param weights how many the model has in linear layers
         * @throws MxForgeException with the range that there is
         */
        default void check(long weights) {}

        /**
         * Whether it is so tight that a rotation does good. With many bits it does harm: it spreads what wide formats keep best together.
         *
         * @param weights how many the model has in linear layers
         */
        default boolean isTight(long weights) {
            return map(weights, Bits::isTight, time -> true);
        }

        String text();

        /**
         * Mean bits of an element, scales not counted.
         *
         * @param weights of a weight
         * @param activations of an activation, each counted by the products that it goes into
         * @param isShared whether both sides of a group have one format, so that the two are one number
         */
        record Bits(double weights, double activations, boolean isShared) implements Budget {
            private static final double AMPLE = 5.75;

            /** The same on both sides. */
            public static Bits of(double bits) {
                return new Bits(bits, bits, true);
            }

            @Override
            public <T> T map(long weights, Function<Bits, T> bits, Function<Milliseconds, T> time) {
                return bits.apply(this);
            }

            private boolean isTight() {
                return Math.min(weights, activations) < AMPLE;
            }

            @Override
            public String text() {
                return isShared ? "bits=" + weights : "w=" + weights + ";a=" + activations;
            }
        }

        /**
         * Bytes of codes and scales of all weights; both sides of a group have one format.
         *
         * @param most of them
         */
        record Bytes(long most) implements Budget {
            /** What codes of so many bits and their scales take. */
            private static long of(int bits, long weights) {
                return weights * bits / Byte.SIZE + weights / GroupLayout.GROUP;
            }

            @Override
            public void check(long weights) {
                long least = of(ElementFormat.E2M1.bits(), weights);
                long largest = of(ElementFormat.E4M3.bits(), weights);
                if (most < least || most > largest) {
                    throw new MxForgeException(text() + " cannot be kept: the linear layers of this model take from "
                            + least + " to " + largest + " bytes");
                }
            }

            @Override
            public <T> T map(long weights, Function<Bits, T> bits, Function<Milliseconds, T> time) {
                return bits.apply(
                        Bits.of((double) most * Byte.SIZE / weights - (double) Byte.SIZE / GroupLayout.GROUP));
            }

            @Override
            public String text() {
                return "bytes=" + most;
            }
        }

        /**
         * Time of the linear layers on the device that the search runs on: what their quantizers and products take, alone, for a prompt
         * that is read at once and for steps that write a token each. The rest of the model does not depend on formats and is not counted.
         * Both sides of a group have a format of their own, since on many GPUs wider activations take no longer.
         *
         * @param most milliseconds of all of it together
         * @param prefill tokens of the prompt; 0 for none
         * @param decode steps
         */
        record Milliseconds(double most, int prefill, int decode) implements Budget {
            static final int PREFILL = 2048;
            static final int DECODE = 128;

            public Milliseconds {
                if (!(most > 0)) {
                    throw new IllegalArgumentException("ms '" + most + "' is not a number above 0");
                }
                if (prefill == 0 && decode == 0) {
                    throw new IllegalArgumentException("prefill and decode are both 0, which takes no time");
                }
            }

            @Override
            public <T> T map(long weights, Function<Bits, T> bits, Function<Milliseconds, T> time) {
                return time.apply(this);
            }

            @Override
            public String text() {
                return "ms=" + most + (prefill == PREFILL ? "" : ";prefill=" + prefill)
                        + (decode == DECODE ? "" : ";decode=" + decode);
            }
        }
    }

    /** What the channels of an input are multiplied by, and the weights that read them divided. */
    public sealed interface Smoothing {
        /**
         * The logarithm of the factor of a channel that is never 0; only its difference from that of others counts.
         *
         * @param input what is known of the input
         * @param weights the same of the weights that read it
         */
        double log(Magnitude input, Magnitude weights);

        String text();

        /**
         * Of one channel.
         *
         * @param square mean, or sum, of the squares
         * @param largest magnitude
         */
        record Magnitude(double square, double largest) {}

        /** Nothing is scaled. */
        record Off() implements Smoothing {
            @Override
            public double log(Magnitude input, Magnitude weights) {
                return 0;
            }

            @Override
            public String text() {
                return "off";
            }
        }

        /** Rounding costs both sides alike. */
        record Balanced() implements Smoothing {
            @Override
            public double log(Magnitude input, Magnitude weights) {
                return Math.log(weights.square() / input.square()) / 4;
            }

            @Override
            public String text() {
                return "balanced";
            }
        }

        /**
         * As SmoothQuant (arXiv 2211.10438) has it: divided by the largest input to the power of {@code alpha}, over the largest weight to
         * that of 1 - {@code alpha}.
         */
        record Largest(double alpha) implements Smoothing {
            public Largest {
                if (!(alpha >= 0 && alpha <= 1)) {
                    throw new IllegalArgumentException("smooth '" + alpha + "' is not from 0 to 1");
                }
            }

            @Override
            public double log(Magnitude input, Magnitude weights) {
                return (1 - alpha) * Math.log(weights.largest()) - alpha * Math.log(input.largest());
            }

            @Override
            public String text() {
                return String.valueOf(alpha);
            }
        }
    }

    /** How a weight becomes a code. */
    public enum Rounding {
        /** GPTQ towards what makes up for the error of the inputs: the quantized path against the plain one. */
        ASYMMETRIC,
        /** GPTQ on the inputs of the quantized path. */
        GPTQ,
        /** Each to the code next to it. */
        NEAREST;

        /** The token that recipe texts use. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Rounding parse(String text) {
            return Stream.of(values())
                    .filter(rounding -> rounding.text().equals(text))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "unknown rounding '" + text + "': use asymmetric, gptq or nearest"));
        }
    }

    public MixedRecipe {
        if (budget instanceof Budget.Bits bits) {
            // Known for every model: what is done anyway need not be said.
            rotate = rotate.filter(wanted -> wanted != bits.isTight());
        }
        if (granularity != 32 && granularity != 64 && granularity != 128) {
            throw new IllegalArgumentException("granularity " + granularity + " is not 32, 64 or 128");
        }
    }

    /**
     * Whether the residual stream and the values of a model are rotated.
     *
     * @param weights how many it has in linear layers
     */
    public boolean rotates(long weights) {
        return rotate.orElseGet(() -> budget.isTight(weights));
    }

    @Override
    public String text() {
        StringBuilder text = new StringBuilder(NAME).append(';').append(budget.text());
        append(text, rotate.isPresent(), "rotate=" + (rotate.orElse(true) ? "on" : "off"));
        append(text, centre, "centre=on");
        append(text, !smooth.equals(DEFAULT.smooth), "smooth=" + smooth.text());
        append(text, transform != DEFAULT.transform, "hadamard=off");
        append(text, rule != DEFAULT.rule, "rule=" + rule.text());
        append(text, round != DEFAULT.round, "round=" + round.text());
        append(text, granularity != DEFAULT.granularity, "granularity=" + granularity);
        return text.toString();
    }

    private static void append(StringBuilder text, boolean differs, String setting) {
        if (differs) {
            text.append(';').append(setting);
        }
    }

    @Override
    public Optional<MixedRecipe> mixed() {
        return Optional.of(this);
    }

    @Override
    public InputQuantization input(LinearSite site, Optional<CalibrationReport> calibration) {
        throw new MxForgeException("the recipe " + text() + " is searched for on a text: let an engine do it first");
    }
}
