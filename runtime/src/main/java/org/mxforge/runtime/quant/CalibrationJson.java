package org.mxforge.runtime.quant;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.ToolVersion;
import org.mxforge.runtime.base.files.UserOutput;
import org.mxforge.runtime.base.json.JsonFields;
import org.mxforge.runtime.base.json.StrictJson;

/** The JSON form of a {@link CalibrationReport}, version 1. */
final class CalibrationJson {
    private static final int VERSION = 1;
    private static final long MAX_BYTES = 256L << 20;
    /** Whole numbers up to here survive JSON readers that use binary64. */
    private static final double MAX_COUNT = 1L << 53;

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private CalibrationJson() {}

    static void write(CalibrationReport report, Path file) {
        UserOutput.file(file, aside -> Files.write(aside, MAPPER.writeValueAsBytes(tree(report))));
    }

    private static ObjectNode tree(CalibrationReport report) {
        ObjectNode root = MAPPER.createObjectNode()
                .put("version", VERSION)
                .put("tool", "mxforge " + ToolVersion.TEXT)
                .put("partitioning", report.partitioning().text())
                .put("samples", report.samples())
                .put("tokens", report.tokens());
        ObjectNode sites = root.putObject("sites");
        for (SiteCalibration site : report.sites().values()) {
            ObjectNode node = sites.putObject(site.site());
            node.put("channels", site.channels())
                    .put("tokens", site.tokens())
                    .put("abs_max", site.absMax())
                    .put("average_bits", site.counts().averageBits());
            node.putObject("elements")
                    .put("p4", site.shares().p4())
                    .put("p6", site.shares().p6())
                    .put("p8", site.shares().p8());
            node.putObject("counts")
                    .put("p4", site.counts().p4())
                    .put("p6", site.counts().p6())
                    .put("p8", site.counts().p8());
            var order = node.putArray("order");
            for (int channel : site.order()) {
                order.add(channel);
            }
        }
        return root;
    }

    static CalibrationReport read(Path file) {
        JsonFields root = StrictJson.read(file, MAX_BYTES);
        int version = root.integer("version", 0, Integer.MAX_VALUE);
        if (version != VERSION) {
            throw new MxForgeException(file + " is a calibration of version " + version
                    + "; this mxforge reads version " + VERSION + ": calibrate again");
        }
        try {
            Partitioning partitioning = Partitioning.parse(root.text("partitioning"));
            Map<String, SiteCalibration> sites = new LinkedHashMap<>();
            JsonFields all = root.section("sites");
            List<String> names = new ArrayList<>();
            all.object().fieldNames().forEachRemaining(names::add);
            for (String name : names) {
                sites.put(name, site(name, all.section(name), partitioning));
            }
            return new CalibrationReport(
                    partitioning, root.integer("samples", 0, Integer.MAX_VALUE), count(root, "tokens"), sites);
        } catch (IllegalArgumentException e) {
            throw new MxForgeException(file + " is not a usable calibration: " + e.getMessage(), e);
        }
    }

    private static SiteCalibration site(String name, JsonFields fields, Partitioning partitioning) {
        int channels = fields.integer("channels", 1, 1 << 24);
        JsonFields elements = fields.section("elements");
        JsonFields parts = fields.section("counts");
        PartCounts counts = new PartCounts(
                parts.integer("p4", 0, channels), parts.integer("p6", 0, channels), parts.integer("p8", 0, channels));
        if (counts.channels() != channels || !counts.fits(partitioning.granularity())) {
            throw new IllegalArgumentException("the counts of " + name + " must be multiples of granularity "
                    + partitioning.granularity() + " that add up to its " + channels + " channels");
        }
        int[] order = fields.integers("order", 0, channels - 1).stream()
                .mapToInt(Integer::intValue)
                .toArray();
        return new SiteCalibration(
                name,
                count(fields, "tokens"),
                (float) fields.number("abs_max", 0, Float.MAX_VALUE),
                new PartShares(count(elements, "p4"), count(elements, "p6"), count(elements, "p8")),
                counts,
                order,
                new InputStatistics.None());
    }

    private static long count(JsonFields fields, String key) {
        double count = fields.number(key, 0, MAX_COUNT);
        if (count != Math.rint(count)) {
            throw fields.bad(key, "a whole number");
        }
        return (long) count;
    }
}
