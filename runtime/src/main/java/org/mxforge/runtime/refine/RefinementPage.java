package org.mxforge.runtime.refine;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.codegen.template.TemplateGroup;
import org.mxforge.dsl.layout.Partition;
import org.mxforge.runtime.quant.Refinement;
import org.mxforge.runtime.tune.report.PageFiles;

/** What a search found, as a page to look at: one HTML file with everything inside. */
public final class RefinementPage {
    private static final String FOLDER = "/org/mxforge/runtime/refine/";

    private final Refinement refinement;
    private final Trials trials;

    private RefinementPage(Refinement refinement, Trials trials) {
        this.refinement = refinement;
        this.trials = trials;
    }

    /**
     * The model under one recipe.
     *
     * @param bits of a weight, scales included
     * @param kl divergence of its predictions from the plain model's, in nats for a token
     * @param millis what each site takes, by its name; empty if that was not measured
     */
    public record Trial(String recipe, double bits, double perplexity, double kl, Map<String, Double> millis) {}

    /**
     * What was measured on this model.
     *
     * @param all the plain model first
     * @param tokens that were scored
     * @param device what it was measured on
     * @param advice which recipe to take, one sentence
     * @param together tokens at a time of {@link Trial#millis}
     */
    public record Trials(List<Trial> all, long tokens, String device, String advice, int together) {}

    private record Page(
            String title,
            String about,
            String advice,
            String style,
            String library,
            String script,
            List<Section> sections,
            List<Row> rows)
            implements OutputModel {}

    private record Section(String heading, String text, int height, String chart) implements OutputModel {}

    private record Row(String site, String split, List<String> numbers) implements OutputModel {}

    /**
     * The whole file.
     *
     * @param model what it is called
     * @param recipe the text of the recipe that was searched for
     * @param trials of this recipe and others
     * @param date when the page was made
     */
    public static String of(String model, String recipe, Refinement refinement, Trials trials, Instant date) {
        RefinementPage page = new RefinementPage(refinement, trials);
        String about = String.format(
                Locale.ROOT,
                "%.3f bits a weight, %.3f an activation, scales not counted; predicted to cost %.4f nats a token; %ssearched for in %.0f s; %s",
                refinement.weightBits(),
                refinement.activationBits(),
                refinement.predicted(),
                refinement.transform().vectors().isEmpty() ? "" : "means taken off behind norms; ",
                refinement.took().seconds(),
                date.truncatedTo(ChronoUnit.SECONDS));
        return TemplateGroup.beside(RefinementPage.class, "refinement.stg")
                .render(new Page(
                        model + " in " + recipe,
                        about,
                        trials.advice(),
                        PageFiles.text("page.css"),
                        PageFiles.library(),
                        PageFiles.text(FOLDER + "refinement.js"),
                        page.sections(),
                        page.rows()));
    }

    private List<Section> sections() {
        int height = 120 + 18 * refinement.sites().size();
        List<Section> sections = new ArrayList<>();
        sections.add(new Section(
                "Perplexity",
                String.format(
                        Locale.ROOT,
                        "Of a text of %,d tokens, over bits of a weight, scales included; measured on %s. The plain model has %.3f.",
                        trials.tokens(),
                        trials.device(),
                        trials.all().get(0).perplexity()),
                340,
                points("perplexity", Trial::perplexity)));
        sections.add(new Section(
                "KL divergence",
                "Of predictions from the plain model's, in nats for a token, on the same text.",
                340,
                points("nats", Trial::kl)));
        if (trials.all().stream().anyMatch(trial -> !trial.millis().isEmpty())) {
            sections.add(new Section(
                    "Time",
                    String.format(
                            Locale.ROOT,
                            "Milliseconds that quantizing and multiplying %,d tokens takes at each site on %s, its kernels alone.",
                            trials.together(),
                            trials.device()),
                    2 * height,
                    bars("milliseconds", times())));
        }
        sections.add(new Section(
                "Formats",
                "Channels of each site's input by the formats of activations and weights, from the front of the model down.",
                height,
                bars("channels", shares())));
        Map<String, ToDoubleFunction<Refinement.Site>> losses = new TreeMap<>();
        losses.put("predicted", Refinement.Site::predicted);
        losses.put("probed: activations alone in E2M1", Refinement.Site::activationLoss);
        losses.put("probed: weights alone in E2M1", Refinement.Site::weightLoss);
        sections.add(new Section(
                "Losses",
                "Divergence of the model's output, in nats for a token, when this site alone is quantized.",
                2 * height,
                bars("nats", losses)));
        if (!refinement.drift().isEmpty()) {
            sections.add(new Section(
                    "Measured",
                    "How far the residual stream of the quantized model is from the plain one's after each block, attention and"
                            + " feed-forward in turn: squared distance over squared length.",
                    360,
                    drift()));
        }
        return sections;
    }

    private Map<String, ToDoubleFunction<Refinement.Site>> times() {
        Map<String, ToDoubleFunction<Refinement.Site>> times = new LinkedHashMap<>();
        trials.all().stream()
                .filter(trial -> !trial.millis().isEmpty())
                .forEach(trial -> times.put(
                        trial.recipe(), site -> trial.millis().get(site.site().name())));
        return times;
    }

    /** A point for each recipe but the plain one, over its bits. */
    private String points(String unit, ToDoubleFunction<Trial> value) {
        ObjectNode chart = look("points");
        ((ObjectNode) chart.get("yAxis")).put("name", unit);
        ArrayNode series = chart.putArray("series");
        for (Trial trial : trials.all().subList(1, trials.all().size())) {
            ObjectNode one = ((ObjectNode) chart.get("point")).deepCopy().put("name", trial.recipe());
            one.putArray("data").addArray().add(trial.bits()).add(value.applyAsDouble(trial));
            series.add(one);
        }
        chart.remove("point");
        return PageFiles.inScript(chart);
    }

    private Map<String, ToDoubleFunction<Refinement.Site>> shares() {
        Map<String, ToDoubleFunction<Refinement.Site>> shares = new TreeMap<>();
        for (Refinement.Site site : refinement.sites()) {
            for (Partition part : site.input().split().partitions()) {
                String pair = part.formats().text();
                shares.put(pair, other -> other.input().split().partitions().stream()
                        .filter(own -> own.formats().text().equals(pair))
                        .mapToInt(Partition::channels)
                        .sum());
            }
        }
        return shares;
    }

    /** A horizontal bar for each site, of one piece for each series. */
    private String bars(String unit, Map<String, ToDoubleFunction<Refinement.Site>> series) {
        ObjectNode chart = look("bars");
        ObjectNode sites = (ObjectNode) chart.get("yAxis");
        ArrayNode names = sites.putArray("data");
        refinement.sites().forEach(site -> names.add(site.site().name()));
        ((ObjectNode) chart.get("xAxis")).put("name", unit);
        ArrayNode drawn = chart.putArray("series");
        series.forEach((name, value) -> {
            ObjectNode one = drawn.addObject().put("name", name).put("type", "bar");
            if (unit.equals("channels")) {
                one.put("stack", "all");
            }
            ArrayNode data = one.putArray("data");
            refinement.sites().forEach(site -> data.add(value.applyAsDouble(site)));
        });
        return PageFiles.inScript(chart);
    }

    private String drift() {
        ObjectNode chart = look("drift");
        ArrayNode blocks = ((ObjectNode) chart.get("xAxis")).putArray("data");
        ArrayNode data = ((ObjectNode) chart.get("series").get(0)).putArray("data");
        for (int i = 0; i < refinement.drift().size(); i++) {
            blocks.add((i % 2 == 0 ? "attention " : "feed-forward ") + i / 2);
            data.add(refinement.drift().get(i));
        }
        return PageFiles.inScript(chart);
    }

    private static ObjectNode look(String chart) {
        return (ObjectNode) PageFiles.options(FOLDER + "refinement.json").get(chart);
    }

    private List<Row> rows() {
        return refinement.sites().stream()
                .map(site -> new Row(
                        site.site().name(),
                        site.input().split().text(),
                        List.of(
                                number(site.input().split().weightBits()),
                                number(site.input().split().activationBits()),
                                number(site.activationLoss()),
                                number(site.weightLoss()),
                                number(site.predicted()))))
                .toList();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4g", value);
    }
}
