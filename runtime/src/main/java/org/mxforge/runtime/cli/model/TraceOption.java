package org.mxforge.runtime.cli.model;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.mxforge.runtime.Throughput;
import org.mxforge.runtime.base.Trace;
import org.mxforge.runtime.base.files.UserOutput;
import picocli.CommandLine.Option;

/** The option that writes what ran when, in the format of Chrome's tracing, which Perfetto reads. */
final class TraceOption {
    /** Between a prefill and its step, in microseconds. */
    private static final double GAP = 100;

    private static final int DEVICE = 1;
    private static final int HOST = 2;

    @Option(
            names = "--trace",
            paramLabel = "FILE.json",
            description = {
                "Write when each kernel of one prefill and of one step ran, for https://ui.perfetto.dev or"
                        + " chrome://tracing; a file that does not exist yet."
            })
    private Path file;

    /** Refuses, before anything runs, a file that could not be written. */
    void check() {
        UserOutput.check(file);
    }

    void write(Map<String, Throughput> results) {
        if (file != null) {
            UserOutput.file(
                    file, aside -> Files.writeString(aside, json(results).toString()));
        }
    }

    /** Each recipe is a process, its kernels one thread and the host another; events of each in the order of their begin. */
    static ObjectNode json(Map<String, Throughput> results) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        ArrayNode events = document.putArray("traceEvents");
        int process = 0;
        for (Map.Entry<String, Throughput> entry : results.entrySet()) {
            process++;
            name(events, process, 0, "process_name", entry.getKey());
            name(events, process, DEVICE, "thread_name", "device");
            name(events, process, HOST, "thread_name", "host");
            Throughput result = entry.getValue();
            add(events, process, result.prefillTrace(), 0);
            double end = result.prefillTrace().spans().stream()
                    .mapToDouble(span -> span.start() + span.micros())
                    .reduce(result.prefillTrace().micros(), Math::max);
            add(events, process, result.stepTrace(), end + GAP);
        }
        return document;
    }

    private static void name(ArrayNode events, int process, int thread, String what, String name) {
        events.addObject()
                .put("name", what)
                .put("ph", "M")
                .put("pid", process)
                .put("tid", thread)
                .putObject("args")
                .put("name", name);
    }

    private static void add(ArrayNode events, int process, Trace trace, double begin) {
        for (Trace.Kernel kernel : trace.kernels()) {
            event(events, process, DEVICE, kernel.name(), begin + kernel.start(), kernel.micros())
                    .put("cat", kernel.role().name().toLowerCase(Locale.ROOT))
                    .putObject("args")
                    .put("variant", kernel.what())
                    .put("shape", kernel.shape())
                    .put("place", kernel.place());
        }
        for (Trace.Span span : trace.spans()) {
            event(events, process, HOST, span.name(), begin + span.start(), span.micros());
        }
    }

    private static ObjectNode event(
            ArrayNode events, int process, int thread, String name, double start, double micros) {
        return events.addObject()
                .put("name", name)
                .put("ph", "X")
                .put("pid", process)
                .put("tid", thread)
                .put("ts", start)
                .put("dur", micros);
    }
}
