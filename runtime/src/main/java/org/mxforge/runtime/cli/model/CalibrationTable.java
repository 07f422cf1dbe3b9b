package org.mxforge.runtime.cli.model;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mxforge.runtime.cli.console.Table;
import org.mxforge.runtime.quant.CalibrationReport;
import org.mxforge.runtime.quant.PartCounts;
import org.mxforge.runtime.quant.SiteCalibration;

/** A calibration, site by site. */
final class CalibrationTable {
    /** Such as {@code model.layers.0.self_attn.qkv}: the layer, and the site in it. */
    private static final Pattern SITE = Pattern.compile("(.*\\.\\d+)\\.(\\D.*)");

    private CalibrationTable() {}

    static Table table(CalibrationReport report) {
        Table table = new Table("SITE", "CHANNELS", "FP4", "FP6", "FP8", "BITS", "LARGEST");
        for (SiteCalibration site : report.sites().values()) {
            PartCounts counts = site.counts();
            Matcher parts = SITE.matcher(site.site());
            boolean layered = parts.matches();
            Table below = layered ? table.under(parts.group(1)) : table.under();
            below.row(
                    layered ? parts.group(2) : site.site(),
                    String.valueOf(site.channels()),
                    String.valueOf(counts.p4()),
                    String.valueOf(counts.p6()),
                    String.valueOf(counts.p8()),
                    String.format(Locale.ROOT, "%.2f", counts.averageBits()),
                    site.tokens() == 0 ? "-" : String.format(Locale.ROOT, "%.2f", site.absMax()));
        }
        return table;
    }

    /** What {@code report} comes to; both sides of a product have these widths where weights follow the channels. */
    static String average(CalibrationReport report) {
        return String.format(Locale.ROOT, "%.2f bits an element on average, scales not counted", report.averageBits());
    }

    static ArrayNode json(CalibrationReport report) {
        ArrayNode sites = JsonNodeFactory.instance.arrayNode();
        for (SiteCalibration site : report.sites().values()) {
            sites.addObject()
                    .put("site", site.site())
                    .put("channels", site.channels())
                    .put("fp4", site.counts().p4())
                    .put("fp6", site.counts().p6())
                    .put("fp8", site.counts().p8())
                    .put("average_bits", site.counts().averageBits())
                    .put("largest", site.absMax());
        }
        return sites;
    }
}
