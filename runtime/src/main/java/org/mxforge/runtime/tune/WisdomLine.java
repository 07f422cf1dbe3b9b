package org.mxforge.runtime.tune;

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
import java.util.Optional;
import java.util.OptionalInt;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.kernel.KernelShape;

/** A {@link WisdomRecord} as one line of JSON. Reading is strict: a line means exactly what it says, or nothing. */
final class WisdomLine {
    /** Longest line that is written or read, in bytes. */
    static final int LIMIT = 16 * 1024;

    private static final int VERSION = 2;

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
                .put("config", entry.configuration().text())
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

    /**
     * Reads {@link #write}.
     *
     * @param spaces where the spaces of configurations are looked up, for all lines of a file the same
     * @return empty when the line is sound but was written by another version of the format
     * @throws IllegalArgumentException if it is damaged, or names a spec or configuration that there is not
     */
    static Optional<WisdomRecord> read(String text, KnownSpaces spaces) {
        JsonNode line;
        try {
            line = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a JSON object", e);
        }
        if (!line.isObject() || !line.path("v").isInt()) {
            throw new IllegalArgumentException("not a line of wisdom");
        }
        return line.get("v").intValue() == VERSION ? Optional.of(record(line, spaces)) : Optional.empty();
    }

    private static WisdomRecord record(JsonNode line, KnownSpaces spaces) {
        WisdomKey key = new WisdomKey(
                KernelSpec.parse(string(line, "spec")),
                Target.parse(string(line, "target")),
                string(line, "device"),
                KernelShape.parse(string(line, "shape")));
        Configuration configuration = Configuration.parse(string(line, "config"));
        spaces.of(key.spec(), key.target()).check(configuration);
        Optional<Timing> timing = line.has("median_ms")
                ? Optional.of(new Timing(
                        number(line, "median_ms"),
                        number(line, "p20_ms"),
                        number(line, "p80_ms"),
                        integer(line, "samples"),
                        line.has("clock_mhz") ? OptionalInt.of(integer(line, "clock_mhz")) : OptionalInt.empty()))
                : Optional.empty();
        Optional<Coverage> coverage = line.has("tried")
                ? Optional.of(new Coverage(integer(line, "tried"), integer(line, "worth")))
                : Optional.empty();
        String detail = line.has("detail") ? string(line, "detail") : "";
        return new WisdomRecord(
                key,
                configuration,
                new TrialOutcome(TrialStatus.parse(string(line, "status")), timing, detail),
                provenance(line),
                coverage);
    }

    private static Provenance provenance(JsonNode line) {
        Toolchain toolchain = new Toolchain(
                string(line, "tool"), string(line, "compiler"), string(line, "options"), string(line, "driver"));
        return new Provenance(toolchain, string(line, "source"), string(line, "plan"), instant(line, "date"));
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
