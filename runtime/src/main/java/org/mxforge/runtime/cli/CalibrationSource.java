package org.mxforge.runtime.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.mxforge.runtime.convert.CalibrationSamples;
import org.mxforge.runtime.convert.Calibrator;
import org.mxforge.runtime.demo.BundledDemo;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.model.Checkpoint;
import org.mxforge.runtime.quant.CalibrationReport;
import org.mxforge.runtime.quant.InputStatistics;
import org.mxforge.runtime.quant.Partitioning;
import org.mxforge.runtime.quant.Recipe;

/**
 * Where a calibration comes from.
 *
 * @param report a saved one; null to calibrate now
 * @param text text to calibrate on; null for the bundled one
 * @param samples pieces of the text
 * @param seed decides which pieces
 */
record CalibrationSource(Path report, Path text, int samples, long seed) {
    /** Longest piece in tokens, unless the model takes less. */
    private static final int WINDOW = 2048;

    /** What {@code recipe} needs; empty where it needs none. */
    Optional<CalibrationReport> obtain(Recipe recipe, Checkpoint checkpoint, Backend backend, Console console) {
        InputStatistics.Kind kind = recipe.quantizer().needs();
        return recipe.partitioning().map(partitioning -> obtain(partitioning, kind, checkpoint, backend, console));
    }

    CalibrationReport obtain(
            Partitioning partitioning,
            InputStatistics.Kind kind,
            Checkpoint checkpoint,
            Backend backend,
            Console console) {
        CalibrationReport found =
                report != null ? CalibrationReport.load(report) : run(partitioning, kind, checkpoint, backend, console);
        found.warnings().forEach(console::warning);
        return found;
    }

    private CalibrationReport run(
            Partitioning partitioning,
            InputStatistics.Kind kind,
            Checkpoint checkpoint,
            Backend backend,
            Console console) {
        checkpoint.config().linearSites().forEach(site -> partitioning.check(site.name(), site.channels()));
        String content = text == null ? BundledDemo.calibrationText() : TextFile.read(text);
        int window = Math.min(WINDOW, checkpoint.config().maxPositions());
        Calibrator calibrator = new Calibrator(checkpoint, backend);
        List<int[]> pieces = CalibrationSamples.lines(checkpoint.tokenizer(), content, window, samples, seed);
        long total = pieces.stream().mapToLong(piece -> piece.length).sum();
        try (Progress progress = console.progress("calibrating", "tokens", total)) {
            return calibrator.run(partitioning, kind, pieces, progress::advance);
        }
    }
}
