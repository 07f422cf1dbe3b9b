package org.mxforge.runtime.refine;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
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

    private RefinementPage(Refinement refinement) {
        this.refinement = refinement;
    }

    private record Page(
            String title,
            String about,
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
     * @param date when the page was made
     */
    public static String of(String model, String recipe, Refinement refinement, Instant date) {
        RefinementPage page = new RefinementPage(refinement);
        String about = String.format(
                Locale.ROOT,
                "%.3f bits a weight, %.3f an activation, scales not counted; predicted to cost %.4f nats a token; %s",
                refinement.weightBits(),
                refinement.activationBits(),
                refinement.predicted(),
                date.truncatedTo(ChronoUnit.SECONDS));
        return TemplateGroup.beside(RefinementPage.class, "refinement.stg")
                .render(new Page(
                        model + " in " + recipe,
                        about,
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
