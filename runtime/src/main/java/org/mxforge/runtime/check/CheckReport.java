package org.mxforge.runtime.check;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mxforge.dsl.spec.KernelVariant;

/** What came of many cases: a row for each kind and layer, and a page with pictures. Keeps the errors of the worst cases alone. */
public final class CheckReport {
    /** Parts of the bound that errors are counted in; one more counts what is beyond. */
    static final int PARTS = 20;

    private final Map<KernelVariant, Kernel> kernels = new LinkedHashMap<>();
    private final Map<String, Map<Layer, List<Line>>> kinds = new LinkedHashMap<>();

    /** A case without the errors of its elements. */
    record Line(String text, Layer layer, double worst, double decibels, boolean right, String verdict) {}

    /** What is shown of one kernel. */
    static final class Kernel {
        final KernelVariant variant;
        final List<Line> lines = new ArrayList<>();
        /** Elements by the part of the bound that their error is: none first, beyond it last. */
        final long[] histogram = new long[PARTS + 2];

        Outcome worst;

        private Kernel(KernelVariant variant) {
            this.variant = variant;
        }

        private void add(Outcome outcome, Line line) {
            lines.add(line);
            for (double share : outcome.errors().shares()) {
                int part = share <= 1 ? (int) Math.ceil(share * PARTS) : PARTS + 1;
                histogram[part]++;
            }
            if (worst == null || outcome.worst() > worst.worst()) {
                worst = outcome;
            }
        }
    }

    /**
     * A row of the table.
     *
     * @param kind stem of the kernels
     * @param layer how results were compared
     * @param cases how many were
     * @param worst largest error of an element over what is allowed: above 1 it is wrong
     * @param decibels least signal over noise, 10 log10 of the squares; infinite where all bits are right
     * @param wrong cases that are not right
     */
    public record Row(String kind, Layer layer, int cases, double worst, double decibels, int wrong) {}

    /** One more case. */
    public void add(Outcome outcome) {
        KernelVariant variant = outcome.of().variant();
        Line line = new Line(
                outcome.of().text(),
                outcome.layer(),
                outcome.worst(),
                outcome.decibels(),
                outcome.isRight(),
                outcome.isRight()
                        ? "right"
                        : outcome.fault()
                                .orElseGet(() -> outcome.findings().get(0).toString()));
        kernels.computeIfAbsent(variant, Kernel::new).add(outcome, line);
        Map<Layer, List<Line>> layers =
                kinds.computeIfAbsent(variant.spec().stem(), stem -> new EnumMap<>(Layer.class));
        layers.computeIfAbsent(line.layer, layer -> new ArrayList<>()).add(line);
        if (outcome.of().data() == Data.RANDOM && line.layer == Layer.BOUND) {
            layers.computeIfAbsent(Layer.NORM, layer -> new ArrayList<>()).add(line);
        }
    }

    /** The table, kinds in the order in which they came. */
    public List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        kinds.forEach((kind, layers) -> layers.forEach((layer, lines) -> rows.add(new Row(
                kind,
                layer,
                lines.size(),
                lines.stream().mapToDouble(Line::worst).max().orElseThrow(),
                lines.stream().mapToDouble(Line::decibels).min().orElseThrow(),
                (int) lines.stream().filter(line -> !line.right).count()))));
        return rows;
    }

    /** A page, complete in itself: of each kernel its cases, how its errors are spread, and where the worst of them lie. */
    public String page(Instant date) {
        List<Kernel> wrongFirst = new ArrayList<>(kernels.values());
        wrongFirst.sort(Comparator.comparing(kernel -> kernel.lines.stream().allMatch(Line::right)));
        return CheckPage.of(wrongFirst, rows(), date);
    }
}
