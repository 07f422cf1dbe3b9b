package org.mxforge.runtime.tune.search;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.options.TuneMode;
import org.mxforge.runtime.kernel.GemmShape;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.kernel.KernelShape;
import org.mxforge.runtime.kernel.UnpackChoice;
import org.mxforge.runtime.kernel.VariantChooser;
import org.mxforge.runtime.tune.wisdom.Wisdom;
import org.mxforge.runtime.tune.wisdom.WisdomKey;
import org.mxforge.runtime.tune.wisdom.WisdomRecord;

/** Chooses what wisdom knows to be fastest and, as its {@link TuneMode} allows, finds out what wisdom does not know. */
final class TunedChooser implements VariantChooser {
    private static final System.Logger LOG = System.getLogger(TunedChooser.class.getName());

    private final TuneMode mode;
    private final TuningDevice device;
    private final Wisdom wisdom;
    private final WisdomLookup lookup;
    private final Tuner tuner;
    private final Duration allowance;
    private final UnpackChoice unpacking;
    private final Map<WisdomKey, Choice> choices = new LinkedHashMap<>();
    private Duration spent = Duration.ZERO;
    private boolean saidNearest;

    /**
     * @param tuner what a missing entry is searched with, by the plan that suits {@code mode}
     * @param allowance no new search begins once searches have taken this long together
     * @param unpacking when passes over weights pay
     */
    public TunedChooser(
            TuneMode mode,
            TuningDevice device,
            Wisdom wisdom,
            Tuner tuner,
            Duration allowance,
            UnpackChoice unpacking) {
        this.mode = mode;
        this.device = device;
        this.wisdom = wisdom;
        this.lookup = new WisdomLookup(wisdom, device);
        this.tuner = tuner;
        this.allowance = allowance;
        this.unpacking = unpacking;
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
                            + ": give a GEMM or, on a GPU, a quantizer or a grouped GEMM, and a channel count for each of its partitions,"
                            + " a multiple of 32 where it is packed");
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
            known = decide(key);
            choices.put(key, known);
        }
        return known.variant();
    }

    @Override
    public boolean unpacks(KernelProblem streamed, Target target, GemmShape shape) {
        return unpacking.pays(streamed, shape.bucketed(), this::measuredMillis);
    }

    private OptionalDouble measuredMillis(KernelProblem problem, GemmShape shape) {
        choose(problem, device.target(), shape);
        Choice choice = choices.get(tuner.key(problem, shape));
        return choice.origin().isMeasured() && choice.timing().isPresent()
                ? OptionalDouble.of(choice.timing().get().median())
                : OptionalDouble.empty();
    }

    private Choice decide(WisdomKey key) {
        if (mode == TuneMode.OFF || !device.tries(key.problem(), key.shape())) {
            return standard(key);
        }
        if (mode == TuneMode.ESTIMATE) {
            return tuner.guess(key);
        }
        Optional<WisdomRecord> winner = mode == TuneMode.FULL
                ? lookup.exact(key, true)
                : lookup.exact(key, false).or(() -> lookup.recut(key));
        if (winner.isPresent()) {
            return choice(winner.get(), Choice.Origin.WISDOM);
        }
        return mode == TuneMode.FROZEN || spent.compareTo(allowance) >= 0 ? unmeasured(key) : search(key);
    }

    /** The best that can be had without a search. */
    private Choice unmeasured(WisdomKey key) {
        return lookup.exact(key, false)
                .map(winner -> choice(winner, Choice.Origin.WISDOM))
                .or(() -> lookup.nearest(key)
                        .filter(winner -> tuner.rivalsGuess(key, winner.variant()))
                        .map(winner -> neighbour(key, winner)))
                .orElseGet(() -> tuner.guess(key));
    }

    private Choice neighbour(WisdomKey key, WisdomRecord winner) {
        if (!saidNearest) {
            LOG.log(
                    Level.WARNING,
                    "{0} was not tuned with {1} on {2}: the variant found for {3} with {4} is used, and so on for other shapes",
                    key.shape().text(),
                    key.spec().text(),
                    key.device(),
                    winner.key().shape().text(),
                    winner.provenance().toolchain().compiler());
            saidNearest = true;
        }
        return new Choice(winner.variant(), Choice.Origin.NEAREST, Optional.empty());
    }

    private static Choice standard(WisdomKey key) {
        KernelVariant variant = VariantChooser.DEFAULTS.choose(key.problem(), key.target(), key.shape());
        return new Choice(variant, Choice.Origin.DEFAULT, Optional.empty());
    }

    private static Choice choice(WisdomRecord winner, Choice.Origin origin) {
        return new Choice(winner.variant(), origin, winner.outcome().timing());
    }

    private Choice search(WisdomKey key) {
        Stopwatch stopwatch = new Stopwatch();
        Optional<WisdomRecord> winner;
        try {
            winner = tuner.tune(key.problem(), key.shape(), allowance.minus(spent));
        } catch (MxForgeException e) {
            // Such as a trial that does not fit beside the model: no reason not to run it.
            LOG.log(
                    Level.WARNING,
                    "{0} is not tuned, the default is used: {1}",
                    key.shape().text(),
                    e.getMessage());
            return standard(key);
        } finally {
            spent = spent.plus(stopwatch.elapsed());
        }
        if (winner.isEmpty()) {
            LOG.log(
                    Level.WARNING,
                    "no variant of {0} for {1} passed its check on {2}: the default is used, see {3}",
                    key.spec().text(),
                    key.shape().text(),
                    key.device(),
                    wisdom.path());
            return standard(key);
        }
        return choice(winner.get(), Choice.Origin.SEARCH);
    }
}
