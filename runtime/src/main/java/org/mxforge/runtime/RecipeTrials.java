package org.mxforge.runtime;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.LinearSite;
import org.mxforge.runtime.refine.RefinementPage;
import org.mxforge.runtime.refine.Refiner;

/** A model under the recipe that was searched for and under those that are not: what each loses on one text, and what layers take. */
final class RecipeTrials {
    /** Beside the one that was searched for. */
    private static final List<String> OTHERS = List.of("mxfp8", "mxfp6-e2m3", "mxfp4", "micromix;granularity=32");

    private final Engine engine;
    private final ModelFolder folder;
    private final Refiner.SiteClock clock;
    private final int[] text;
    private final ScoringOptions scoring;

    RecipeTrials(Engine engine, ModelFolder folder, Refiner.SiteClock clock, String text, ScoringOptions scoring) {
        this.engine = engine;
        this.folder = folder;
        this.clock = clock;
        this.text = folder.encode(text);
        this.scoring = scoring;
        folder.checkScoring(this.text, scoring);
    }

    /** @param calibration of recipes that want one */
    RefinementPage.Trials run(Quantization searched, CalibrationOptions calibration) {
        List<Quantization> recipes = new ArrayList<>();
        OTHERS.forEach(other ->
                recipes.add(engine.quantization(folder, Quantization.by(other).recipe(), calibration)));
        recipes.add(searched);
        List<RefinementPage.Trial> trials = new ArrayList<>();
        List<RecipeAdvice.Candidate> candidates = new ArrayList<>();
        try (Model plain = engine.load(folder)) {
            for (Quantization recipe : recipes) {
                try (Model model = engine.load(folder, recipe)) {
                    Agreement agreement = model.agreement(text, scoring, plain);
                    if (trials.isEmpty()) {
                        add(Quantization.NONE, agreement.reference(), 0, trials, candidates);
                    }
                    add(recipe, agreement.score(), agreement.kl(), trials, candidates);
                }
            }
        }
        return new RefinementPage.Trials(
                trials,
                candidates.get(0).tokens(),
                engine.device(),
                RecipeAdvice.of(candidates).sentence(),
                scoring.window());
    }

    private void add(
            Quantization recipe,
            TextScore score,
            double kl,
            List<RefinementPage.Trial> trials,
            List<RecipeAdvice.Candidate> candidates) {
        String name = recipe.recipe().text();
        ModelSize size = folder.size(recipe);
        trials.add(new RefinementPage.Trial(name, size.bitsPerWeight(), score.perplexity(), kl, millis(recipe)));
        candidates.add(new RecipeAdvice.Candidate(name, size.bytes(), score.perplexity(), score.tokens()));
    }

    /** What each site takes; nothing for a plain model, or one with experts, whose tokens are spread over products. */
    private Map<String, Double> millis(Quantization recipe) {
        Map<String, Double> millis = new LinkedHashMap<>();
        if (recipe.recipe().quantizes()) {
            Map<LinearSite, InputQuantization> inputs = recipe.inputs(folder);
            if (inputs.keySet().stream().allMatch(site -> site.products().size() == 1)) {
                inputs.forEach((site, input) -> millis.put(site.name(), clock.millis(site, input, scoring.window())));
            }
        }
        return millis;
    }
}
