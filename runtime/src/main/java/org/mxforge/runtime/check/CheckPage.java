package org.mxforge.runtime.check;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.codegen.template.TemplateGroup;
import org.mxforge.runtime.base.ToolVersion;
import org.mxforge.runtime.tune.report.PageFiles;

/** The page of a report: one HTML file with everything inside. */
final class CheckPage {
    private static final String FOLDER = "/org/mxforge/runtime/check/";
    private static final int RIGHT = 0x22945f;
    private static final int WRONG = 0xd0202e;

    private CheckPage() {}

    private record Page(
            String about, String style, String library, String script, List<Row> rows, List<Section> sections)
            implements OutputModel {}

    private record Row(String kind, String layer, List<String> numbers, boolean right, String verdict)
            implements OutputModel {}

    /** Of one kernel; no map where results are no matrix. */
    private record Section(
            String name, String variant, String chart, String map, String worst, int width, List<Case> cases)
            implements OutputModel {}

    private record Case(String line, String layer, List<String> numbers, boolean right, String verdict)
            implements OutputModel {}

    static String of(List<CheckReport.Kernel> kernels, List<CheckReport.Row> rows, Instant date) {
        String about = "MXForge " + ToolVersion.TEXT + " · "
                + (kernels.size() == 1 ? "1 kernel" : kernels.size() + " kernels") + " · "
                + date.truncatedTo(ChronoUnit.SECONDS);
        return TemplateGroup.beside(CheckPage.class, "check.stg")
                .render(new Page(
                        about,
                        PageFiles.text("page.css"),
                        PageFiles.library(),
                        PageFiles.text("page.js"),
                        rows.stream().map(CheckPage::row).toList(),
                        kernels.stream().map(CheckPage::section).toList()));
    }

    private static Row row(CheckReport.Row row) {
        String verdict = row.layer() == Layer.NORM ? "" : row.wrong() == 0 ? "right" : row.wrong() + " wrong";
        return new Row(
                row.kind(),
                row.layer().text(),
                List.of(String.valueOf(row.cases()), number(row.worst()), number(row.decibels())),
                row.wrong() == 0,
                verdict);
    }

    private static Section section(CheckReport.Kernel kernel) {
        Outcome.Errors errors = kernel.worst.errors();
        return new Section(
                kernel.variant.identifier(),
                kernel.variant.text(),
                histogram(kernel.histogram),
                errors.rows() > 1 && errors.columns() > 1 ? map(errors) : "",
                kernel.worst.of().text(),
                Math.min(1000, Math.max(320, 4 * errors.columns())),
                kernel.lines.stream().map(CheckPage::line).toList());
    }

    private static Case line(CheckReport.Line line) {
        return new Case(
                line.text(),
                line.layer().text(),
                List.of(number(line.worst()), number(line.decibels())),
                line.right(),
                line.verdict());
    }

    static String number(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.3g", value) : "-";
    }

    private static String histogram(long[] counts) {
        ObjectNode chart = PageFiles.options(FOLDER + "errors.json");
        ArrayNode names = ((ObjectNode) chart.get("xAxis")).putArray("data");
        ArrayNode data = ((ObjectNode) chart.get("series").get(0)).putArray("data");
        for (int i = 0; i < counts.length; i++) {
            names.add(i == 0 ? "none" : i > CheckReport.PARTS ? "beyond" : String.valueOf(i * 100 / CheckReport.PARTS));
            ObjectNode bar = data.addObject();
            // A logarithmic axis has no place for nothing.
            if (counts[i] > 0) {
                bar.put("value", counts[i]);
            } else {
                bar.putNull("value");
            }
            bar.putObject("itemStyle")
                    .put("color", String.format(Locale.ROOT, "#%06x", i > CheckReport.PARTS ? WRONG : RIGHT));
        }
        return PageFiles.inScript(chart);
    }

    /** A picture with a point for each element, the darker the nearer its error comes to the bound; red where it is beyond. */
    private static String map(Outcome.Errors errors) {
        Png png = new Png(errors.columns(), errors.rows());
        for (double share : errors.shares()) {
            png.point(colour(share));
        }
        return Base64.getEncoder().encodeToString(png.bytes());
    }

    private static int colour(double share) {
        if (!(share <= 1)) {
            return WRONG;
        }
        int mixed = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            double full = RIGHT >> shift & 0xff;
            mixed |= (int) (0xff - share * (0xff - full)) << shift;
        }
        return mixed;
    }
}
