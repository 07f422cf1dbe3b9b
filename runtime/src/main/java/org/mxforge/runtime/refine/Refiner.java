package org.mxforge.runtime.refine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.model.Checkpoint;
import org.mxforge.runtime.model.family.ModelConfig;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.LinearLayer;
import org.mxforge.runtime.quant.LinearSite;
import org.mxforge.runtime.quant.MixedRecipe;
import org.mxforge.runtime.quant.MixedRecipe.Smoothing;
import org.mxforge.runtime.quant.QuantizedWeight;
import org.mxforge.runtime.quant.Refinement;
import org.mxforge.runtime.quant.TensorTransform;

/** Searches for what a {@link MixedRecipe} leaves open, on texts: see the package's description for the steps. */
public final class Refiner {
    /** Tokens that weights are rounded well on. */
    private static final int WANTED_TOKENS = 30_000;

    /** With fewer the rounding learns the text instead of the model, and does harm. */
    private static final int LEAST_TOKENS = 10_000;

    /** Windows on which losses are probed; half as many where they only weigh what is rotated. */
    private static final int PROBED = 4;

    /** Windows on which inputs are measured. */
    private static final int MEASURED = 16;

    /** Tells what the linear layers of a site take on some device. */
    @FunctionalInterface
    public interface SiteClock {
        /**
         * Milliseconds that it takes to quantize the input of {@code site} and to multiply it by all of its layers.
         *
         * @param input how it is quantized; in which order the channels are makes no difference
         * @param tokens how many at a time
         */
        double millis(LinearSite site, InputQuantization input, int tokens);
    }

    private final Backend backend;
    private final MixedRecipe recipe;
    private final List<int[]> windows;
    private final SiteClock clock;
    private final SearchCache cache;
    private final TimedProgress progress;
    private final Checkpoint plain;
    private final LentRotations rotations;
    private final InputPass inputs;

    private Refiner(
            Checkpoint plain,
            Backend backend,
            MixedRecipe recipe,
            List<int[]> windows,
            SiteClock clock,
            SearchCache cache,
            LentRotations rotations,
            Progress progress) {
        this.plain = plain;
        this.backend = backend;
        this.recipe = recipe;
        this.windows = windows;
        this.clock = clock;
        this.cache = cache;
        this.progress = new TimedProgress(progress);
        this.rotations = rotations;
        this.inputs = new InputPass(backend, some(MEASURED), this.progress);
    }

    /**
     * Searches.
     *
     * @param plain the model
     * @param windows tokens of contiguous pieces of text, none of which the result will be judged by
     * @param clock of the device that a budget of time is about; others do not ask it
     * @param cache keeps what was found when the search is interrupted, for the next one
     * @throws MxForgeException if there is too little text for the recipe, its budget cannot be kept, or an activation is not finite
     */
    public static Refinement run(
            Checkpoint plain,
            Backend backend,
            MixedRecipe recipe,
            List<int[]> windows,
            SiteClock clock,
            ArtifactCache cache,
            Progress progress) {
        checkTokens(recipe, windows, progress);
        checkTime(recipe, plain.config());
        List<String> parts = SearchCache.parts(plain.weights().store(), windows, recipe.text(), backend.device());
        return search(plain, backend, recipe, windows, clock, SearchCache.in(cache, parts), progress);
    }

    /** The same on whatever text there is. */
    static Refinement search(
            Checkpoint plain,
            Backend backend,
            MixedRecipe recipe,
            List<int[]> windows,
            SiteClock clock,
            SearchCache cache,
            Progress progress) {
        try (LentRotations rotations = new LentRotations(backend)) {
            return new Refiner(plain, backend, recipe, windows, clock, cache, rotations, progress).search();
        }
    }

    /** How many searches in the cache folder {@code cache} were interrupted, and go on when they are started again. */
    public static int interrupted(Path cache) {
        return SearchCache.unfinished(cache).size();
    }

    private static void checkTime(MixedRecipe recipe, ModelConfig config) {
        boolean isTimed = recipe.budget().map(1, bits -> false, time -> true);
        if (isTimed
                && config.decoderLayers().stream()
                        .anyMatch(layer -> layer.feedForward().map(gated -> false, routed -> true))) {
            throw new MxForgeException(
                    "ms= is not for models with experts, whose tokens are spread over products that are not timed"
                            + " alone: give bits or bytes");
        }
    }

    private static void checkTokens(MixedRecipe recipe, List<int[]> windows, Progress progress) {
        long tokens = windows.stream().mapToLong(ids -> ids.length).sum();
        if (recipe.round() != MixedRecipe.Rounding.NEAREST && tokens < WANTED_TOKENS) {
            String sentence = String.format(
                    Locale.ROOT,
                    "round=%s learns from the text, and %,d tokens are few: give %,d or more, of what the model is for"
                            + " and of other things (or more of it: --samples, --seqlen), or round=nearest",
                    recipe.round().text(),
                    tokens,
                    WANTED_TOKENS);
            if (tokens < LEAST_TOKENS) {
                throw new MxForgeException(sentence);
            }
            progress.warning(sentence + ".");
        }
    }

    private Refinement search() {
        Function<List<List<Allocation.Unit>>, SitePlan.Formats> choice =
                SitePlan.choice(plain.config().linearSites(), recipe, clock, progress);
        boolean rotates = recipe.rotates(plain.config().linearSites().stream()
                .flatMap(site -> site.layers().stream())
                .mapToLong(layer -> (long) layer.outputs() * layer.channels())
                .sum());
        TensorTransform change = rotates ? rotation() : TensorTransform.NONE;
        Checkpoint model = plain.with(change);
        Map<String, double[]> centres = recipe.centre() ? means(model) : Map.of();
        Checkpoint centred = centred(model, change, centres);
        Map<String, Probe.Loss> losses = probe(centred, PROBED, rotates ? "rotated" : "plain");
        Map<String, InputMagnitudes> magnitudes = magnitudes(centred);
        Map<String, double[]> meanSquares = new LinkedHashMap<>();
        magnitudes.forEach((site, seen) -> meanSquares.put(site, seen.meanSquares()));
        if (!recipe.smooth().equals(new Smoothing.Off())) {
            Map<String, double[]> factors = new LinkedHashMap<>();
            for (LinearSite site : model.config().linearSites()) {
                factors.put(
                        site.name(),
                        SmoothingFactors.of(
                                model.config(),
                                site,
                                weight(model, site),
                                magnitudes.get(site.name()),
                                recipe.smooth()));
            }
            change = change.then(Folding.scaling(model, factors));
            model = plain.with(change);
            factors.forEach((site, factor) -> {
                double[] scaled = meanSquares.get(site);
                double[] centre = centres.getOrDefault(site, new double[0]);
                for (int i = 0; i < scaled.length; i++) {
                    scaled[i] *= factor[i] * factor[i];
                }
                for (int i = 0; i < centre.length; i++) {
                    centre[i] *= factor[i];
                }
            });
        }
        if (recipe.centre()) {
            change = change.then(Folding.centring(model, centres));
            model = plain.with(change);
        }
        Map<String, SiteStudy> studies = study(model, meanSquares);
        SitePlan.All plans = SitePlan.of(studies, losses, recipe, choice);
        RoundingWalk walk = new RoundingWalk(model, backend, recipe, plans.plans(), windows, cache, progress);
        Map<String, QuantizedWeight> weights = walk.run();
        cache.clear();
        return new Refinement(change, plans.found(), weights, walk.drift(), plans.time(), progress.took());
    }

    private Checkpoint centred(Checkpoint model, TensorTransform change, Map<String, double[]> centres) {
        return recipe.centre() ? plain.with(change.then(Folding.centring(model, centres))) : model;
    }

    /** Of what the norms give that can be centred, by site. */
    private Map<String, double[]> means(Checkpoint model) {
        Map<String, double[]> sums = new LinkedHashMap<>();
        Map<String, Long> tokens = new LinkedHashMap<>();
        Folding.centred(model.config()).keySet().forEach(site -> sums.put(site.name(), new double[site.channels()]));
        inputs.run(
                model,
                "measuring means",
                (site, values, rows, channels) -> {
                    double[] sum = sums.get(site);
                    for (int i = 0; i < values.length; i++) {
                        sum[i % channels] += values[i];
                    }
                    tokens.merge(site, (long) rows, Long::sum);
                },
                sums::containsKey);
        sums.forEach((site, sum) -> Arrays.setAll(sum, i -> sum[i] / tokens.get(site)));
        return sums;
    }

    private List<int[]> some(int count) {
        int step = Math.max(1, windows.size() / count);
        List<int[]> chosen = new ArrayList<>();
        for (int i = 0; i < windows.size() && chosen.size() < count; i += step) {
            chosen.add(windows.get(i));
        }
        return chosen;
    }

    private Map<String, Probe.Loss> probe(Checkpoint model, int count, String stage) {
        try (Progress.Task task =
                progress.begin("probing", "sites", model.config().linearSites().size())) {
            return Probe.of(model, backend, some(count), cache, stage, done -> {
                task.advance(done);
                progress.check();
            });
        }
    }

    /** The gains taken out of the norms, and then the residual stream and the values rotated. */
    private TensorTransform rotation() {
        Folding gains = Folding.gains(plain);
        Checkpoint model = plain.with(gains);
        Map<String, Probe.Loss> losses = probe(model, PROBED / 2, "gains");
        return gains.then(RotationSearch.of(model, losses, backend, inputs, rotations));
    }

    private Map<String, InputMagnitudes> magnitudes(Checkpoint model) {
        Map<String, InputMagnitudes> magnitudes = new LinkedHashMap<>();
        model.config().linearSites().forEach(site -> magnitudes.put(site.name(), new InputMagnitudes(site.channels())));
        inputs.run(
                model,
                "measuring inputs",
                (site, values, rows, channels) -> magnitudes.get(site).add(values, rows),
                site -> true);
        return magnitudes;
    }

    private Map<String, SiteStudy> study(Checkpoint model, Map<String, double[]> meanSquares) {
        Map<String, SiteStudy> studies = new LinkedHashMap<>();
        for (LinearSite site : model.config().linearSites()) {
            studies.put(
                    site.name(),
                    new SiteStudy(
                            site,
                            () -> weight(model, site),
                            meanSquares.get(site.name()),
                            recipe.transform(),
                            recipe.rule()));
        }
        inputs.run(
                model,
                "trying formats",
                (site, values, rows, channels) -> studies.get(site).add(values),
                site -> true);
        return studies;
    }

    /** The weights of the layers of {@code site}, one below the other. */
    private static float[] weight(Checkpoint model, LinearSite site) {
        float[] all = new float[Math.multiplyExact(site.outputs(), site.channels())];
        int at = 0;
        for (LinearLayer layer : site.layers()) {
            float[] own = model.weights().f32(layer.name() + ".weight", layer.outputs(), layer.channels());
            System.arraycopy(own, 0, all, at, own.length);
            at += own.length;
        }
        return all;
    }
}
