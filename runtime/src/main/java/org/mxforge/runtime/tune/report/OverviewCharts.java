package org.mxforge.runtime.tune.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mxforge.runtime.tune.cost.CostModel.Roof;

/** The charts of all shapes together, whose looks {@code effect.json} and {@code roof.json} hold. A kernel's place on the page names it. */
final class OverviewCharts {
    /** How many times as far as the outermost points an axis goes. */
    private static final double EDGE = 1.25;

    private final List<SearchReport> searches;

    OverviewCharts(List<SearchReport> searches) {
        this.searches = searches;
    }

    /** A kernel that is multiplied on tensor cores: FLOP for each byte that it moves at least, and what it achieves, in 10^12 FLOP/s. */
    private record Product(int place, double intensity, double rate, Roof roof) {}

    /** For each kernel its floor, what was chosen, and what runs without tuning; empty if nothing was measured. */
    Optional<ObjectNode> effect() {
        ChartLook look = new ChartLook("effect.json");
        for (int i = 0; i < searches.size(); i++) {
            SearchReport search = searches.get(i);
            int row = i;
            look.options().withObject("/yAxis").withArray("/data").add(name(i + 1, search));
            String kernel = name(i + 1, search) + ": ";
            search.chosen().ifPresent(chosen -> {
                search.nearFloor().ifPresent(floor -> {
                    point(look, "floor", floor, row, kernel + "floor " + SearchChart.plain(floor) + " ms");
                    look.point("to the floor", floor, row, "");
                    look.point("to the floor", chosen, row, "");
                    look.gap("to the floor");
                });
                search.byDefault()
                        .ifPresent(usual -> point(
                                look, "default", usual, row, kernel + SearchChart.plain(usual) + " ms by default"));
                point(look, "chosen", chosen, row, kernel + SearchChart.plain(chosen) + " ms chosen");
            });
        }
        look.range(EDGE);
        return look.has("chosen") ? Optional.of(look.drawn()) : Optional.empty();
    }

    /** Rates over FLOP for each byte, under what bounds them; empty if no product was measured, or nothing is known of the device. */
    Optional<ObjectNode> roofline() {
        List<Product> products = products();
        if (products.isEmpty()) {
            return Optional.empty();
        }
        ChartLook look = new ChartLook("roof.json");
        double from = products.stream().mapToDouble(Product::intensity).min().orElseThrow() / EDGE;
        double to = products.stream().mapToDouble(Product::intensity).max().orElseThrow() * EDGE;
        Map<String, Roof> roofs = new LinkedHashMap<>();
        // Sums over several products come to the same rate but for rounding, and where only memory bounds, rates are
        // beyond the chart.
        products.forEach(product -> roofs.putIfAbsent(text(product.roof(), to), product.roof()));
        roofs.forEach((text, roof) -> {
            double ridge = roof.rate() / roof.bandwidth();
            look.point("roof", from, Math.min(roof.rate(), from * roof.bandwidth()) / 1e12, "");
            if (ridge > from && ridge < to) {
                look.point("roof", ridge, roof.rate() / 1e12, "");
            }
            double end = Math.min(roof.rate(), to * roof.bandwidth()) / 1e12;
            look.point("roof", to, end, "");
            look.gap("roof");
            look.point("roofs", to, end, text);
        });
        for (Product product : products) {
            double most = Math.min(
                            product.roof().rate(),
                            product.intensity() * product.roof().bandwidth())
                    / 1e12;
            point(
                    look,
                    "chosen",
                    product,
                    name(product.place(), searches.get(product.place() - 1)) + ": " + SearchChart.plain(product.rate())
                            + " of " + SearchChart.plain(most) + " TFLOP/s");
        }
        look.range(1);
        return Optional.of(look.drawn());
    }

    private static String text(Roof roof, double to) {
        String bandwidth = SearchChart.plain(roof.bandwidth() / 1e12) + " TB/s";
        return to * roof.bandwidth() < roof.rate()
                ? bandwidth
                : SearchChart.plain(roof.rate() / 1e12) + " TFLOP/s, " + bandwidth;
    }

    private List<Product> products() {
        List<Product> products = new ArrayList<>();
        for (int i = 0; i < searches.size(); i++) {
            SearchReport search = searches.get(i);
            int place = i + 1;
            search.roof().ifPresent(roof -> search.teraflops().ifPresent(rate -> search.work()
                    .ifPresent(work -> products.add(new Product(place, 2 * work.macs() / work.bytes(), rate, roof)))));
        }
        return products;
    }

    private static void point(ChartLook look, String id, double millis, int row, String label) {
        look.point(id, millis, row, label).put("link", ReportPage.anchor(row + 1));
    }

    private static void point(ChartLook look, String id, Product product, String label) {
        look.point(id, product.intensity(), product.rate(), label).put("link", ReportPage.anchor(product.place()));
    }

    private static String name(int place, SearchReport search) {
        return place + ". " + search.key().shape().text();
    }
}
