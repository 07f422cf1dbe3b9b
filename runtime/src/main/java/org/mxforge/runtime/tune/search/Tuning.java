package org.mxforge.runtime.tune.search;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.base.options.TuneMode;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.kernel.VariantChooser;
import org.mxforge.runtime.tune.cost.CostModel;
import org.mxforge.runtime.tune.wisdom.Timing;
import org.mxforge.runtime.tune.wisdom.Wisdom;
import org.mxforge.runtime.tune.wisdom.WisdomKey;
import org.mxforge.runtime.tune.wisdom.WisdomRecord;
import org.mxforge.runtime.tune.wisdom.WisdomRecord.Toolchain;

/** What is known about the speed of kernels on one device, and what finds out more: the front door of this wing. */
public final class Tuning {
    private final TuningDevice device;
    private final Wisdom wisdom;
    private final Optional<CostModel> costs;
    private final Tuner tuner;
    private final TunedChooser chooser;

    private Tuning(TuningDevice device, Wisdom wisdom, Optional<CostModel> costs, Tuner tuner, TunedChooser chooser) {
        this.device = device;
        this.wisdom = wisdom;
        this.costs = costs;
        this.tuner = tuner;
        this.chooser = chooser;
    }

    /**
     * Opens what is known about {@code device}; wisdom is read when it is first asked.
     *
     * @param mode how hard fast variants are looked for
     * @param allowance no new search begins once searches have taken this long together
     * @param device where trials run; it stays the caller's
     * @param costs what can be computed without trials; empty where nothing can
     * @param folder the user's wisdom; it need not exist
     * @param progress told of searches, which it may cancel
     */
    public static Tuning open(
            TuneMode mode,
            Duration allowance,
            TuningDevice device,
            Optional<CostModel> costs,
            Path folder,
            Progress progress) {
        Wisdom wisdom = Wisdom.open(folder, device.name());
        SearchOrder order = costs.<SearchOrder>map(CostOrder::of).orElse(SearchOrder.NEAR_DEFAULT);
        Tuner tuner = new Tuner(wisdom, device, TuningPlan.of(mode), order, progress);
        return new Tuning(
                device,
                wisdom,
                costs,
                tuner,
                new TunedChooser(mode, device, wisdom, tuner, Allowance.of(mode, allowance), costs));
    }

    /**
     * Opens what is known about a GPU that need not be here; choices are those that an engine makes there which searches no more.
     *
     * @param target what is compiled for it
     * @param gpu its name; of one that nothing is known about, what is known of the usual GPU of {@code target} decides
     * @param toolchain what would compile for it
     * @param folder the user's wisdom; it need not exist
     */
    public static Tuning elsewhere(Target target, String gpu, Toolchain toolchain, Path folder) {
        return open(
                TuneMode.FROZEN,
                Duration.ZERO,
                new AbsentGpu(gpu, target, toolchain),
                Optional.of(CostModel.of(target, gpu)),
                folder,
                Progress.SILENT);
    }

    /** How long one step of a trial may take in this mode, before whoever runs it is stopped. */
    public static Duration patience(TuneMode mode) {
        return TuningPlan.of(mode).candidateLimit().multipliedBy(2);
    }

    /** Where trials run. */
    public TuningDevice device() {
        return device;
    }

    /** Decides by all that is known. */
    public VariantChooser chooser() {
        return chooser;
    }

    /**
     * Chooses a variant for the device without running it.
     *
     * @throws IllegalArgumentException if kernels of this problem cannot be tried on this shape
     */
    public KernelVariant choose(KernelProblem problem, KernelShape shape) {
        return chooser.choose(problem, shape);
    }

    /**
     * Tries variants of one problem, be they in a search space or not, and decides nothing.
     *
     * @return what came of each, the fastest first
     */
    public List<WisdomRecord> race(List<KernelVariant> variants, KernelShape shape) {
        return tuner.race(variants, shape);
    }

    /** What has been chosen so far, in the order it was asked for. */
    public Map<WisdomKey, Choice> choices() {
        return chooser.choices();
    }

    /**
     * What was measured of the kernels as they are now, here or, if nothing was, by those who made MXForge; oldest first. Winners are not
     * repeated, but have the time that they won with.
     */
    public List<WisdomRecord> trials(WisdomKey key) {
        List<WisdomRecord> own = current(wisdom.records(key));
        return WisdomRecord.trials(own.isEmpty() ? current(wisdom.shippedRecords(key)) : own);
    }

    private List<WisdomRecord> current(List<WisdomRecord> records) {
        return records.stream()
                .filter(entry -> entry.provenance().source().equals(device.source(entry.variant())))
                .toList();
    }

    /** Milliseconds that a variant should take; empty if nothing is known about such kernels. */
    public OptionalDouble estimate(KernelVariant variant, KernelShape shape) {
        return costs.isEmpty() ? OptionalDouble.empty() : costs.get().millis(variant, shape);
    }

    /** Milliseconds that no kernel can undercut; empty if nothing is known about such kernels. */
    public OptionalDouble floor(WisdomKey key) {
        return costs.flatMap(model -> key.problem().work(key.shape()).map(model::floor))
                .map(OptionalDouble::of)
                .orElse(OptionalDouble.empty());
    }

    /** What bounds the products of {@code key}; empty if it has none, or nothing is known about the device. */
    public Optional<CostModel.Roof> roof(WisdomKey key) {
        return costs.flatMap(model ->
                key.problem().work(key.shape()).filter(work -> work.macs() > 0).map(model::roof));
    }

    /**
     * A variant that was chosen, and why.
     *
     * @param variant what was chosen
     * @param origin why
     * @param timing what it took when it was measured, or should take by its {@link Origin#PARTS parts}
     */
    public record Choice(KernelVariant variant, Origin origin, Optional<Timing> timing) {
        /** What it took, if it was measured as a whole. */
        public Optional<Timing> measured() {
            return timing.filter(any -> origin != Origin.PARTS);
        }

        /** Why a variant was chosen. */
        public enum Origin {
            /** A search of this process found it. */
            SEARCH,
            /** An earlier search found it. */
            WISDOM,
            /** Its kernel was found so on this shape; what the passes before it take was reckoned and added. */
            PARTS,
            /** A search for another shape, or with another compiler, found it. */
            NEAREST,
            /** The cost model ranks it first, or {@link VariantChooser#DEFAULTS} does: nothing was measured. */
            ESTIMATE,
            /** It is the default: nothing better is known. */
            DEFAULT;

            /** Whether this very shape was measured, the kernel at least. */
            public boolean isMeasured() {
                return this == SEARCH || this == WISDOM || this == PARTS;
            }

            /** In lower case. */
            public String text() {
                return name().toLowerCase(Locale.ROOT);
            }
        }
    }
}
