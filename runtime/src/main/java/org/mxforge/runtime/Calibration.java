package org.mxforge.runtime;

import java.util.List;
import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.convert.Calibrator;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.model.Checkpoint;
import org.mxforge.runtime.quant.CalibrationReport;
import org.mxforge.runtime.quant.InputStatistics;
import org.mxforge.runtime.quant.Partitioning;

/** Calibrates a checkpoint on a text. */
final class Calibration {
    /** Longest sample in tokens, unless the model takes less. */
    private static final int WINDOW = 2048;

    private Calibration() {}

    /** Windows of {@code window} tokens of the texts. */
    static List<int[]> windows(Checkpoint checkpoint, Backend backend, int window, CalibrationOptions options) {
        return new Calibrator(checkpoint, backend).windows(options.texts(), window, options.samples(), options.seed());
    }

    static CalibrationReport of(
            Checkpoint checkpoint,
            Backend backend,
            Partitioning partitioning,
            InputStatistics.Kind kind,
            CalibrationOptions options,
            Progress progress) {
        checkpoint.config().linearSites().forEach(site -> partitioning.check(site.name(), site.channels()));
        Calibrator calibrator = new Calibrator(checkpoint, backend);
        int window = Math.min(WINDOW, checkpoint.config().maxPositions());
        List<int[]> samples =
                calibrator.samples(String.join("\n", options.texts()), window, options.samples(), options.seed());
        long total = samples.stream().mapToLong(sample -> sample.length).sum();
        try (Steps steps = Steps.begin(progress, "calibrating", "tokens", total)) {
            return calibrator.run(partitioning, kind, samples, steps::advance);
        }
    }
}
