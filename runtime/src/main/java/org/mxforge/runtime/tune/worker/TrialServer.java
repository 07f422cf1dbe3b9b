package org.mxforge.runtime.tune.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.tune.search.TuningDevice;
import org.mxforge.runtime.tune.search.TuningDevice.Trial;

/**
 * The worker's side: does with a device what requests ask for. Ends when the requests end, or when the device is lost, after saying
 * so.
 */
final class TrialServer {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TuningDevice device;
    private Trial trial;
    private final Map<KernelVariant, Trial.Candidate> candidates = new HashMap<>();

    public TrialServer(TuningDevice device) {
        this.device = device;
    }

    /** Answers each line of {@code in} with one of {@code out}. */
    public void serve(InputStream in, OutputStream out) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        boolean lost = false;
        for (String line = lines.readLine(); line != null && !lost; line = lost ? null : lines.readLine()) {
            ObjectNode answer = answer(JSON.readTree(line));
            lost = answer.has(Words.LOST);
            write(out, answer);
        }
    }

    /** Answers the first request, whatever it is, with the reason why there is no device to serve. */
    static void fail(OutputStream out, Exception reason) throws IOException {
        write(out, JSON.createObjectNode().put(Words.FAILED, message(reason)).put(Words.LOST, true));
    }

    /** Writes one line. */
    static void write(OutputStream out, JsonNode message) throws IOException {
        out.write((message.toString() + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private ObjectNode answer(JsonNode request) {
        ObjectNode answer = JSON.createObjectNode();
        try {
            obey(request, answer);
        } catch (IllegalArgumentException e) {
            answer.put(Words.REFUSED, message(e));
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            answer.put(Words.FAILED, message(e));
            if (!device.works()) {
                answer.put(Words.LOST, true);
            }
        }
        return answer;
    }

    private static String message(Throwable cause) {
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    private void obey(JsonNode request, ObjectNode answer) {
        switch (request.path(Words.DO).asText()) {
            case Words.OPEN -> open(request);
            case Words.PREPARE -> candidate(request);
            case Words.FAULT -> candidate(request).fault().ifPresent(fault -> answer.put(Words.FAULT, fault));
            case Words.RUN -> answer.put(Words.MILLIS, candidate(request).run());
            case Words.WINDOW -> window(request, answer);
            case Words.CLOSE -> close(request);
            case Words.END -> end();
            default -> throw new IllegalArgumentException("a worker was asked for " + request);
        }
    }

    private void open(JsonNode request) {
        end();
        List<KernelVariant> all = new ArrayList<>();
        request.path(Words.CANDIDATES).forEach(text -> all.add(KernelVariant.parse(text.asText())));
        trial = device.trial(
                new KernelProblem(
                        KernelSpec.parse(request.path(Words.SPEC).asText()),
                        OperandLayout.valueOf(request.path(Words.LAYOUT).asText())),
                KernelShape.parse(request.path(Words.SHAPE).asText()),
                all);
    }

    /** The candidate of a request; prepared here when its worker before this one did not live to be asked. */
    private Trial.Candidate candidate(JsonNode request) {
        KernelVariant variant = variant(request);
        Trial.Candidate known = candidates.get(variant);
        if (known == null) {
            known = trial.prepare(variant);
            candidates.put(variant, known);
        }
        return known;
    }

    private static KernelVariant variant(JsonNode request) {
        return KernelVariant.parse(request.path(Words.VARIANT).asText());
    }

    private void window(JsonNode request, ObjectNode answer) {
        Trial.Window window = candidate(request)
                .window(new Trial.Measuring(
                        Duration.ofNanos(request.path(Words.WARM_UP).asLong()),
                        Duration.ofNanos(request.path(Words.LENGTH).asLong()),
                        request.path(Words.SAMPLES).asInt(),
                        1,
                        1));
        ArrayNode millis = answer.putArray(Words.MILLIS);
        window.millis().forEach(millis::add);
        window.clock().ifPresent(clock -> answer.put(Words.CLOCK, clock));
    }

    private void close(JsonNode request) {
        Trial.Candidate candidate = candidates.remove(variant(request));
        if (candidate != null) {
            candidate.close();
        }
    }

    private void end() {
        candidates.values().forEach(Trial.Candidate::close);
        candidates.clear();
        if (trial != null) {
            trial.close();
            trial = null;
        }
    }
}
