package org.mxforge.runtime;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.runtime.engine.EngineSettings;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.kernel.KernelShape;
import org.mxforge.runtime.tune.Trial;
import org.mxforge.runtime.tune.TuningDevice;
import org.mxforge.runtime.tune.TuningListener;

/** An engine's device: what runs models on it, and what is known about the speed of its kernels. */
final class OpenDevice implements AutoCloseable {
    private final org.mxforge.runtime.engine.Engine engine;

    private OpenDevice(org.mxforge.runtime.engine.Engine engine) {
        this.engine = engine;
    }

    static OpenDevice open(EngineOptions options, TuningListener listener) {
        return new OpenDevice(org.mxforge.runtime.engine.Engine.open(
                new EngineSettings(
                        org.mxforge.runtime.engine.DeviceKind.valueOf(
                                options.device().name()),
                        options.threads(),
                        options.tuning(),
                        options.tuningTime(),
                        options.folding()),
                listener));
    }

    Backend backend() {
        return engine.backend();
    }

    TuningDevice trials() {
        return engine.device();
    }

    TunedKernel choose(KernelSpec spec, KernelShape shape) {
        engine.choose(spec, shape);
        List<TunedKernel> choices = choices();
        return choices.stream()
                .filter(kernel -> kernel.spec().equals(spec)
                        && kernel.shape().equals(shape.bucketed().text()))
                .findFirst()
                .orElseThrow();
    }

    List<TunedKernel> choices() {
        return engine.choices().entrySet().stream()
                .map(choice -> TunedKernel.of(choice.getKey(), choice.getValue()))
                .toList();
    }

    String report() {
        return engine.report();
    }

    /** The shape of a few rows and columns with ragged ends that kernels of {@code spec} are compared on; empty if they cannot be. */
    Optional<KernelShape> smallShape(KernelSpec spec) {
        return IntStream.rangeClosed(1, 5)
                .mapToObj(parts -> "k" + String.join("+", Collections.nCopies(parts, "128")))
                .flatMap(k -> Stream.of("m37,n80," + k, "e4,m16,n80," + k, "m37," + k))
                .map(KernelShape::parse)
                .filter(shape -> trials().tries(spec, shape))
                .findFirst();
    }

    Verification verify(KernelSpec spec, KernelShape shape) {
        if (!trials().tries(spec, shape)) {
            throw new IllegalArgumentException(spec.text() + " cannot be compared bit for bit on " + shape.text()
                    + " here: give a GEMM or, on a GPU, a quantizer or a grouped GEMM, of not too many channels");
        }
        Configuration configuration = choose(spec, shape).configuration();
        try (Trial trial = trials().trial(spec, shape, List.of(configuration));
                Trial.Candidate candidate = trial.prepare(configuration)) {
            return new Verification(spec, shape.text(), configuration, candidate.fault());
        }
    }

    @Override
    public void close() {
        engine.close();
    }
}
