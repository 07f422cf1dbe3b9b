package org.mxforge.runtime.tune.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.mxforge.codegen.template.OutputModel;

/**
 * All shapes together: what tuning comes to for each number of tokens, the kernels' times and rates as charts, and their index.
 *
 * @param effect the first chart
 * @param height of it, in pixels
 * @param roof the second chart; none where nothing is known of the device
 */
record Overview(List<Effect> effects, String effect, int height, List<String> roof, List<Entry> index)
        implements OutputModel {
    private static final int ROW_HEIGHT = 26;

    private static final int FRAME_HEIGHT = 110;

    /** The kernels of so many tokens, each once; of what is not known of all of them it says of how many. */
    record Effect(String tokens, String kernels, String millis, String byDefault, String floor)
            implements OutputModel {}

    /** A kernel. */
    record Entry(
            String place,
            String anchor,
            String shape,
            String kernel,
            String variant,
            String millis,
            String byDefault,
            String floor,
            String rate,
            String origin)
            implements OutputModel {}

    static Overview of(List<SearchReport> searches) {
        OverviewCharts charts = new OverviewCharts(searches);
        List<Effect> effects = new ArrayList<>();
        searches.stream()
                .filter(search -> search.chosen().isPresent())
                .collect(Collectors.groupingBy(search -> search.key().shape().m(), TreeMap::new, Collectors.toList()))
                .forEach((tokens, some) -> effects.add(effect(String.valueOf(tokens), some)));
        return new Overview(
                effects,
                charts.effect().map(PageFiles::inScript).orElse(""),
                FRAME_HEIGHT + ROW_HEIGHT * searches.size(),
                charts.roofline().map(PageFiles::inScript).stream().toList(),
                IntStream.range(0, searches.size())
                        .mapToObj(i -> entry(i + 1, searches.get(i)))
                        .toList());
    }

    private static Effect effect(String tokens, List<SearchReport> searches) {
        return new Effect(
                tokens,
                String.valueOf(searches.size()),
                SearchChart.plain(sum(searches, SearchReport::chosen)),
                beside(searches, SearchReport::byDefault, Overview::times),
                beside(searches, search -> search.floor().stream().boxed().findFirst(), ReportPage::percent));
    }

    /** How {@code other} compares with what was chosen, over the kernels that it is known of. */
    private static String beside(
            List<SearchReport> searches,
            Function<SearchReport, Optional<Double>> other,
            Function<Double, String> text) {
        List<SearchReport> known = searches.stream()
                .filter(search -> other.apply(search).isPresent())
                .toList();
        if (known.isEmpty()) {
            return "";
        }
        String all = text.apply(sum(known, other) / sum(known, SearchReport::chosen));
        return known.size() == searches.size() ? all : all + ", of " + known.size();
    }

    private static double sum(List<SearchReport> searches, Function<SearchReport, Optional<Double>> millis) {
        return searches.stream()
                .mapToDouble(search -> millis.apply(search).orElseThrow())
                .sum();
    }

    private static Entry entry(int place, SearchReport search) {
        List<SearchReport> alone = search.chosen().isPresent() ? List.of(search) : List.of();
        return new Entry(
                String.valueOf(place),
                ReportPage.anchor(place),
                search.key().shape().text(),
                search.key().spec().identifier(),
                ReportPage.text(search.choice().variant()),
                search.chosen().map(SearchChart::plain).orElse(""),
                beside(alone, SearchReport::byDefault, Overview::times),
                beside(alone, known -> known.floor().stream().boxed().findFirst(), ReportPage::percent),
                rate(search),
                search.choice().origin().text());
    }

    private static String rate(SearchReport search) {
        return search.teraflops()
                .map(rate -> SearchChart.plain(rate) + " TFLOP/s")
                .or(() -> search.work().flatMap(work -> search.chosen()
                        .map(millis -> SearchChart.plain(work.bytes() / millis / 1e6) + " GB/s")))
                .orElse("");
    }

    static String times(double ratio) {
        return String.format(Locale.ROOT, "%.2f times", ratio);
    }
}
