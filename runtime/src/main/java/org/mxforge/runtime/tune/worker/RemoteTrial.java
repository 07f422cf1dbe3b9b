package org.mxforge.runtime.tune.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.tune.search.TuningDevice.Trial;

/** A trial in a worker process; set up again in the next process when one dies. */
final class RemoteTrial implements Trial {
    /** Setting up compiles all candidates and computes the oracle's result. */
    private static final Duration OPENING = Duration.ofMinutes(30);

    /** Warm-up and window are estimated from one run, which may have been an odd one. */
    private static final int SLACK = 10;

    private final WorkerDevice device;
    private final ObjectNode opening;
    private Worker openedOn;

    RemoteTrial(WorkerDevice device, KernelProblem problem, KernelShape shape, List<KernelVariant> candidates) {
        this.device = device;
        this.opening = request(Words.OPEN)
                .put(Words.SPEC, problem.spec().text())
                .put(Words.LAYOUT, problem.layout().name())
                .put(Words.SHAPE, shape.text());
        ArrayNode texts = opening.putArray(Words.CANDIDATES);
        candidates.forEach(candidate -> texts.add(candidate.text()));
    }

    private static ObjectNode request(String what) {
        return JsonNodeFactory.instance.objectNode().put(Words.DO, what);
    }

    /** The worker, with this trial set up in it. */
    Worker open() {
        Worker worker = device.worker();
        if (worker != openedOn) {
            worker.ask(opening, OPENING);
            openedOn = worker;
        }
        return worker;
    }

    @Override
    public Candidate prepare(KernelVariant variant) {
        RemoteCandidate candidate = new RemoteCandidate(variant);
        candidate.ask(Words.PREPARE);
        return candidate;
    }

    @Override
    public void close() {
        release(request(Words.END));
    }

    /** A worker that is dead, or dies of this, has given everything back. */
    private void release(ObjectNode request) {
        try {
            if (openedOn != null && openedOn.lives()) {
                openedOn.ask(request, device.patience());
            }
        } catch (MxForgeException | Trial.Timeout e) {
            openedOn.close();
        }
    }

    private final class RemoteCandidate implements Candidate {
        private final KernelVariant variant;

        RemoteCandidate(KernelVariant variant) {
            this.variant = variant;
        }

        private ObjectNode request(String what) {
            return RemoteTrial.request(what).put(Words.VARIANT, variant.text());
        }

        private JsonNode ask(String what) {
            return open().ask(request(what), device.patience());
        }

        @Override
        public Optional<String> fault() {
            return Optional.ofNullable(ask(Words.FAULT).get(Words.FAULT)).map(JsonNode::asText);
        }

        @Override
        public double run() {
            return ask(Words.RUN).path(Words.MILLIS).asDouble();
        }

        @Override
        public Trial.Window window(Trial.Measuring measuring) {
            Duration usual = measuring.warmUp().plus(measuring.window());
            JsonNode answer = open().ask(
                            request(Words.WINDOW)
                                    .put(Words.WARM_UP, measuring.warmUp().toNanos())
                                    .put(Words.LENGTH, measuring.window().toNanos())
                                    .put(Words.SAMPLES, measuring.samples()),
                            device.patience().plus(usual.multipliedBy(SLACK)));
            List<Double> millis = new ArrayList<>();
            answer.path(Words.MILLIS).forEach(value -> millis.add(value.asDouble()));
            JsonNode clock = answer.get(Words.CLOCK);
            return new Trial.Window(millis, clock == null ? OptionalInt.empty() : OptionalInt.of(clock.asInt()));
        }

        @Override
        public void close() {
            release(request(Words.CLOSE));
        }
    }
}
