package org.mxforge.runtime.tune.search;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.spec.Algorithm;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.options.TuneMode;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.kernel.VariantChooser;
import org.mxforge.runtime.tune.cost.CostModel;
import org.mxforge.runtime.tune.search.Tuning.Choice;
import org.mxforge.runtime.tune.wisdom.Timing;
import org.mxforge.runtime.tune.wisdom.Wisdom;
import org.mxforge.runtime.tune.wisdom.WisdomKey;
import org.mxforge.runtime.tune.wisdom.WisdomRecord;

/** Chooses what wisdom knows to be fastest and, as its {@link TuneMode} allows, finds out what wisdom does not know. */
final class TunedChooser implements VariantChooser {
    private static final System.Logger LOG = System.getLogger(TunedChooser.class.getName());

    /** A variant that was not measured displaces one that was only if it is estimated so many times as fast. */
    private static final double MARGIN = 1.25;

    private final TuneMode mode;
    private final TuningDevice device;
    private final Wisdom wisdom;
    private final WisdomLookup lookup;
    private final Tuner tuner;
    private final Allowance allowance;
    private final Optional<CostModel> costs;
    private final Map<WisdomKey, Choice> choices = new LinkedHashMap<>();
    private final Map<Weight, OperandLayout> layouts = new HashMap<>();
    private boolean saidNearest;

    /** A weight, as far as it decides how it is kept. */
    private record Weight(MxGemmSpec spec, KernelProblem.Scope scope, int n, List<Integer> k) {}

    /**
     * @param tuner what a missing entry is searched with, by the plan that suits {@code mode}
     * @param allowance no search begins for what has none left
     * @param costs what is expected of algorithms that were not measured; empty where nothing is
     */
    TunedChooser(
            TuneMode mode,
            TuningDevice device,
            Wisdom wisdom,
            Tuner tuner,
            Allowance allowance,
            Optional<CostModel> costs) {
        this.mode = mode;
        this.device = device;
        this.wisdom = wisdom;
        this.lookup = new WisdomLookup(wisdom, device);
        this.tuner = tuner;
        this.allowance = allowance;
        this.costs = costs;
    }

    /** What has been chosen so far, in the order it was asked for. */
    public Map<WisdomKey, Choice> choices() {
        return Collections.unmodifiableMap(choices);
    }

    /**
     * As {@link #choose(KernelProblem, Target, KernelShape)}, for the device's own target.
     *
     * @throws IllegalArgumentException if kernels of this problem cannot be tried on this shape
     */
    public KernelVariant choose(KernelProblem problem, KernelShape shape) {
        WisdomKey key = tuner.key(problem, shape);
        if (!device.tries(problem, key.shape())) {
            throw new IllegalArgumentException(
                    "there is nothing to tune for " + problem.spec().text() + " on " + shape.text()
                            + " and " + key.target().text()
                            + ": give a GEMM or, on a GPU, a quantizer, a grouped GEMM or attention, and a channel"
                            + " count for each of its partitions, a multiple of 32 where it is packed and of 16 in"
                            + " INT8, and no more elements than an array of Java holds");
        }
        return choose(problem, device.target(), shape);
    }

    @Override
    public KernelVariant choose(KernelProblem problem, Target target, KernelShape shape) {
        if (target != device.target()) {
            throw new IllegalArgumentException(
                    "a chooser for " + device.target().text() + " was asked about " + target.text());
        }
        WisdomKey key = tuner.key(problem, shape);
        Choice known = choices.get(key);
        if (known == null) {
            known = decide(problem, key);
            sayIfNearest(key, known);
            choices.put(key, known);
        }
        return known.variant();
    }

    /** Said of what is run, not of what a search finds something better for right away. */
    private void sayIfNearest(WisdomKey key, Choice decided) {
        if (decided.origin() == Choice.Origin.NEAREST && !saidNearest) {
            saidNearest = true;
            LOG.log(
                    Level.WARNING,
                    "some sizes of kernels were not tuned on {0} yet and run as was found best for others, which is"
                            + " right but may be slower (the first is {1} of {2}): ''mxforge tune'' tries out what is"
                            + " faster, once",
                    key.device(),
                    key.shape().text(),
                    key.spec().identifier());
        }
    }

    private Choice decide(KernelProblem problem, WisdomKey key) {
        if (mode == TuneMode.OFF || !device.tries(problem, key.shape())) {
            return standard(problem, key);
        }
        if (mode == TuneMode.ESTIMATE) {
            return tuner.guess(problem, key.shape());
        }
        Choice best = best(problem, key, mode == TuneMode.FULL);
        if (best.origin().isMeasured()) {
            return best;
        }
        Duration left = allowance.left(key.shape());
        return mode == TuneMode.FROZEN || left.isNegative() || left.isZero()
                ? best(problem, key, false)
                : search(problem, key, left);
    }

    /**
     * The best that can be had without a search. What an algorithm with passes takes is known, where it was not timed as a whole, from
     * what the problem behind the passes takes and from what the passes should take.
     *
     * @param full whether only complete searches count as measured, and what they left out may be worth one
     */
    private Choice best(KernelProblem problem, WisdomKey key, boolean full) {
        Choice best = direct(problem, key, full);
        for (Algorithm<KernelSpec> algorithm : problem.algorithmsWithPasses(key.target())) {
            if (!lookup.tried(key, algorithm)) {
                Choice rival = behind(problem, algorithm, key, full);
                best = isFaster(rival, best, key.shape(), full ? 1 / MARGIN : MARGIN) ? rival : best;
            }
        }
        return best.origin().isMeasured() ? best : kin(problem, key, best).orElse(best);
    }

    /** What was best for the {@linkplain KernelProblem#kin kin} of a problem of which {@code known} was not measured. */
    private Optional<Choice> kin(KernelProblem problem, WisdomKey key, Choice known) {
        return problem.kin()
                .map(other -> best(other, tuner.key(other, key.shape()), false))
                .filter(choice -> choice.origin().isMeasured()
                        || choice.origin() == Choice.Origin.NEAREST && known.origin() != Choice.Origin.NEAREST)
                .map(choice -> new Choice(
                        KernelVariant.of(
                                problem.spec(),
                                choice.variant().algorithm(),
                                key.target(),
                                choice.variant().configuration()),
                        Choice.Origin.NEAREST,
                        Optional.empty()));
    }

    /** What is known of an algorithm with passes from its kernel alone. */
    private Choice behind(KernelProblem problem, Algorithm<KernelSpec> algorithm, WisdomKey key, boolean full) {
        KernelProblem rest = problem.behind(algorithm);
        Choice kernel = direct(rest, tuner.key(rest, key.shape()), full);
        if (!kernel.variant().algorithm().equals(algorithm.kernel())) {
            // Another kernel is best for operands that lie so: one for few tokens, for which no pass pays.
            return new Choice(
                    KernelVariant.of(problem.spec(), algorithm, key.target()), Choice.Origin.DEFAULT, Optional.empty());
        }
        KernelVariant whole = KernelVariant.of(
                problem.spec(), algorithm, key.target(), kernel.variant().configuration());
        double passes = costs.map(model -> model.passMillis(whole, key.shape())).orElse(0.0);
        Choice.Origin origin = kernel.origin().isMeasured() ? Choice.Origin.PARTS : kernel.origin();
        return new Choice(whole, origin, kernel.timing().map(timing -> timing.plus(passes)));
    }

    /**
     * Whether {@code rival} is faster than {@code best}: by what was measured if both were, else by what is expected of both.
     *
     * @param margin how many times as fast a rival that was not measured must be expected to be
     */
    private boolean isFaster(Choice rival, Choice best, KernelShape shape, double margin) {
        if (rival.origin().isMeasured() && best.origin().isMeasured()) {
            return median(rival) < median(best);
        }
        double factor = rival.origin().isMeasured() ? 1 / margin : margin;
        return expected(rival.variant(), shape) * factor < expected(best.variant(), shape);
    }

    private static double median(Choice choice) {
        return choice.timing().map(Timing::median).orElse(Double.POSITIVE_INFINITY);
    }

    /** Milliseconds, infinitely many where nothing is known. */
    private double expected(KernelVariant variant, KernelShape shape) {
        return costs.map(model -> model.algorithmMillis(variant, shape).orElse(Double.POSITIVE_INFINITY))
                .orElse(Double.POSITIVE_INFINITY);
    }

    /** The best for operands as they lie, or what was found to be better in a search of all algorithms. */
    private Choice direct(KernelProblem problem, WisdomKey key, boolean full) {
        Optional<WisdomRecord> winner = lookup.exact(problem, key, full);
        if (winner.isEmpty() && !full) {
            winner = lookup.recut(key);
        }
        return winner.map(record -> choice(record, Choice.Origin.WISDOM)).orElseGet(() -> unmeasured(problem, key));
    }

    /**
     * The winner for the nearest shape for which the same would be guessed, or else the guess: where guesses differ, shapes differ in what
     * matters, and what was best for the one says little about the other.
     */
    private Choice unmeasured(KernelProblem problem, WisdomKey key) {
        KernelProblem direct = problem.direct();
        Choice guess = tuner.guess(direct, key.shape());
        return lookup.nearest(direct, key, shape -> tuner.guess(direct, shape)
                        .variant()
                        .equals(guess.variant()))
                .map(winner -> new Choice(winner.variant(), Choice.Origin.NEAREST, Optional.empty()))
                .orElse(guess);
    }

    /** The default variant or, where that is expected to be faster, the default one of an algorithm with passes. */
    private Choice standard(KernelProblem problem, WisdomKey key) {
        KernelVariant usual = VariantChooser.DEFAULTS.choose(problem, key.target(), key.shape());
        KernelVariant best = usual;
        for (Algorithm<KernelSpec> algorithm : problem.algorithmsWithPasses(key.target())) {
            KernelVariant rival = KernelVariant.of(problem.spec(), algorithm, key.target());
            best = expected(rival, key.shape()) < expected(best, key.shape()) ? rival : best;
        }
        return new Choice(best, Choice.Origin.DEFAULT, Optional.empty());
    }

    private static Choice choice(WisdomRecord winner, Choice.Origin origin) {
        return new Choice(winner.variant(), origin, winner.outcome().timing());
    }

    private Choice search(KernelProblem problem, WisdomKey key, Duration limit) {
        Optional<WisdomRecord> winner;
        try {
            winner = allowance.spend(key.shape(), () -> tuner.tune(problem, key.shape(), limit));
        } catch (MxForgeException e) {
            // Such as a trial that does not fit beside the model: no reason not to run it.
            LOG.log(
                    Level.WARNING,
                    "{0} could not be tuned, and runs untuned, which is right but may be slower: {1}",
                    key.shape().text(),
                    e.getMessage());
            return standard(problem, key);
        }
        if (winner.isEmpty()) {
            LOG.log(
                    Level.WARNING,
                    "nothing that was tried for {0} on {1} gave the right result on {2}, so that it runs untuned: {3}"
                            + " says what went wrong",
                    key.spec().text(),
                    key.shape().text(),
                    key.device(),
                    wisdom.path());
            return standard(problem, key);
        }
        return choice(winner.get(), Choice.Origin.SEARCH);
    }

    @Override
    public OperandLayout layout(MxGemmSpec spec, Target target, KernelProblem.Scope scope, int n, List<Integer> k) {
        // Models have many layers of one size, and weighing all algorithms takes a while.
        return layouts.computeIfAbsent(new Weight(spec, scope, n, List.copyOf(k)), this::layout);
    }

    private OperandLayout layout(Weight weight) {
        MxGemmSpec spec = weight.spec();
        KernelProblem.Scope scope = weight.scope();
        return new LayoutChoice(spec, weight.n(), weight.k())
                .best(
                        KernelProblem.layouts(spec, device.target(), scope),
                        (layout, shape) -> measured(new KernelProblem(spec, layout, scope), shape),
                        (layout, shape) -> expected(new KernelProblem(spec, layout, scope), shape));
    }

    /** Milliseconds that were measured; empty if no search was about this shape. */
    private OptionalDouble measured(KernelProblem problem, KernelShape shape) {
        if (mode == TuneMode.OFF || mode == TuneMode.ESTIMATE) {
            return OptionalDouble.empty();
        }
        Choice best = best(problem, tuner.key(problem, shape), false);
        return best.origin().isMeasured() ? OptionalDouble.of(median(best)) : OptionalDouble.empty();
    }

    /** Milliseconds of the algorithm that is expected to be the fastest. */
    private double expected(KernelProblem problem, KernelShape shape) {
        double least = expected(tuner.guess(problem.direct(), shape).variant(), shape);
        for (Algorithm<KernelSpec> algorithm : problem.algorithmsWithPasses(device.target())) {
            KernelVariant kernel =
                    tuner.guess(problem.behind(algorithm).direct(), shape).variant();
            if (kernel.algorithm().equals(algorithm.kernel())) {
                KernelVariant whole =
                        KernelVariant.of(problem.spec(), algorithm, device.target(), kernel.configuration());
                least = Math.min(least, expected(whole, shape));
            }
        }
        return least;
    }
}
