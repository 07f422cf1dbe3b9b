package org.mxforge.runtime.tune.wisdom;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.spec.KernelKinds;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.tune.wisdom.WisdomRecord.Outcome;
import org.mxforge.runtime.tune.wisdom.WisdomRecord.Provenance;
import org.mxforge.runtime.tune.wisdom.WisdomRecord.Toolchain;

/** A {@link WisdomRecord} as one line of JSON. Reading is strict: a line means exactly what it says, or nothing. */
final class WisdomLine {
    /** Longest line that is written or read, in bytes. */
    static final int LIMIT = 16 * 1024;

    private static final int VERSION = 3;

    /** What {@link #write} begins with. */
    private static final String BEGIN = "{\"v\":" + VERSION + ",\"spec\":\"";

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(2)
                            .maxStringLength(LIMIT)
                            .maxNumberLength(32)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private WisdomLine() {}

    /** The line, without its end. */
    static String write(WisdomRecord entry) {
        ObjectNode line = JSON.createObjectNode()
                .put("v", VERSION)
                .put("spec", entry.key().spec().text())
                .put("target", entry.key().target().text())
                .put("device", entry.key().device())
                .put("shape", entry.key().shape().text())
                .put("algorithm", entry.variant().algorithm().name())
                .put("config", entry.variant().configuration().text())
                .put("status", entry.outcome().status().text());
        entry.outcome().timing().ifPresent(timing -> line.put("median_ms", timing.median())
                .put("p20_ms", timing.p20())
                .put("p80_ms", timing.p80())
                .put("samples", timing.samples()));
        entry.outcome().timing().ifPresent(timing -> timing.clock().ifPresent(clock -> line.put("clock_mhz", clock)));
        if (!entry.outcome().detail().isEmpty()) {
            line.put("detail", entry.outcome().detail());
        }
        entry.coverage().ifPresent(search -> line.put("tried", search.tried()).put("worth", search.worth()));
        Toolchain toolchain = entry.provenance().toolchain();
        line.put("tool", toolchain.tool())
                .put("compiler", toolchain.compiler())
                .put("options", toolchain.options())
                .put("driver", toolchain.driver())
                .put("source", entry.provenance().source())
                .put("plan", entry.provenance().plan())
                .put("date", entry.provenance().date().toString());
        return line.toString();
    }

    /** The text of the spec, if the line begins as {@link #write} begins it; nothing else of it is looked at. */
    static Optional<String> spec(String line) {
        int end = line.startsWith(BEGIN) ? line.indexOf('"', BEGIN.length()) : -1;
        return end > 0 ? Optional.of(line.substring(BEGIN.length(), end)) : Optional.empty();
    }

    /** What a line that was written by {@link #write} has in it if it is about this shape. */
    static String mention(KernelShape shape) {
        return "\"shape\":\"" + shape.text() + "\"";
    }

    /** Whether a line that was written by {@link #write} may be the end of a search. */
    static boolean endsSearch(String line) {
        return line.contains("\"tried\":");
    }

    /**
     * Reads lines. Thousands of them are about few kernels, by few tools: specs, config spaces and toolchains are made once for all
     * that one reader reads.
     */
    static final class Reader {
        /** What a variant is made of, as lines have it. */
        private record Variant(String spec, String algorithm, String target, String configuration) {}

        private final Map<String, KernelSpec> specs = new HashMap<>();
        private final Map<Variant, KernelVariant> variants = new HashMap<>();
        private final Map<String, KernelShape> shapes = new HashMap<>();
        private final Map<Toolchain, Toolchain> toolchains = new HashMap<>();

        /**
         * Reads {@link #write}, or what version 2 of the format wrote.
         *
         * @return empty when the line is sound but was written by another version of the format
         * @throws IllegalArgumentException if it is damaged, or names a spec or configuration that there is not
         */
        Optional<WisdomRecord> read(String text) {
            JsonNode line;
            try {
                line = JSON.readTree(text);
            } catch (JsonProcessingException e) {
                throw new IllegalArgumentException("not a JSON object", e);
            }
            if (!line.isObject() || !line.path("v").isInt()) {
                throw new IllegalArgumentException("not a line of wisdom");
            }
            return switch (line.get("v").intValue()) {
                case VERSION ->
                    Optional.of(record(
                            line,
                            variant(new Variant(
                                    string(line, "spec"),
                                    string(line, "algorithm"),
                                    string(line, "target"),
                                    string(line, "config")))));
                case OldVariant.VERSION -> {
                    OldVariant old =
                            OldVariant.of(string(line, "spec"), string(line, "target"), string(line, "config"));
                    yield Optional.of(record(
                            line,
                            variant(new Variant(
                                    old.spec(), old.algorithm(), string(line, "target"), old.configuration()))));
                }
                default -> Optional.empty();
            };
        }

        private KernelVariant variant(Variant names) {
            return variants.computeIfAbsent(names, any -> {
                KernelSpec spec = specs.computeIfAbsent(names.spec(), KernelSpec::parse);
                return KernelVariant.of(
                        spec,
                        KernelKinds.algorithm(spec, names.algorithm()),
                        Target.parse(names.target()),
                        Configuration.parse(names.configuration()));
            });
        }

        private WisdomRecord record(JsonNode line, KernelVariant variant) {
            WisdomKey key = new WisdomKey(
                    KernelProblem.of(variant),
                    variant.target(),
                    string(line, "device"),
                    shapes.computeIfAbsent(string(line, "shape"), KernelShape::parse));
            Provenance provenance = new Provenance(
                    toolchains.computeIfAbsent(toolchain(line), same -> same),
                    string(line, "source"),
                    string(line, "plan"),
                    instant(line, "date"));
            return new WisdomRecord(key, variant, outcome(line), provenance, coverage(line));
        }
    }

    private static Outcome outcome(JsonNode line) {
        Optional<Timing> timing = line.has("median_ms")
                ? Optional.of(new Timing(
                        number(line, "median_ms"),
                        number(line, "p20_ms"),
                        number(line, "p80_ms"),
                        integer(line, "samples"),
                        line.has("clock_mhz") ? OptionalInt.of(integer(line, "clock_mhz")) : OptionalInt.empty()))
                : Optional.empty();
        String detail = line.has("detail") ? string(line, "detail") : "";
        return new Outcome(Outcome.Status.parse(string(line, "status")), timing, detail);
    }

    private static Optional<WisdomRecord.Coverage> coverage(JsonNode line) {
        return line.has("tried")
                ? Optional.of(new WisdomRecord.Coverage(integer(line, "tried"), integer(line, "worth")))
                : Optional.empty();
    }

    private static Toolchain toolchain(JsonNode line) {
        return new Toolchain(
                string(line, "tool"), string(line, "compiler"), string(line, "options"), string(line, "driver"));
    }

    private static String string(JsonNode line, String name) {
        return require(line, name, line.path(name).isTextual()).textValue();
    }

    private static double number(JsonNode line, String name) {
        return require(line, name, line.path(name).isNumber()).doubleValue();
    }

    private static int integer(JsonNode line, String name) {
        return require(line, name, line.path(name).isInt()).intValue();
    }

    private static Instant instant(JsonNode line, String name) {
        try {
            return Instant.parse(string(line, name));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("field '" + name + "' is not a date", e);
        }
    }

    private static JsonNode require(JsonNode line, String name, boolean fits) {
        if (!fits) {
            throw new IllegalArgumentException("field '" + name + "' is missing or of the wrong type");
        }
        return line.get(name);
    }
}
