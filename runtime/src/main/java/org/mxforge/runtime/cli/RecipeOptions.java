package org.mxforge.runtime.cli;

import java.nio.file.Path;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.checkpoint.quantized.QuantizedTensors;
import org.mxforge.runtime.convert.QuantizationPlan;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.model.Checkpoint;
import org.mxforge.runtime.quant.Recipe;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The options that quantize a plain checkpoint in memory while it is loaded. */
final class RecipeOptions {
    @Option(
            names = "--recipe",
            paramLabel = "RECIPE",
            description = {
                "Quantize in memory: mxfp8, mxfp6-e2m3, mxfp6-e3m2, mxfp4, a pair such as e4m3xe2m1, or micromix with"
                        + " settings, such as 'micromix;fp6=e2m3;granularity=64'; default: the checkpoint as it is."
            })
    private String recipe;

    @ArgGroup
    private Calibration calibration = new Calibration();

    @Option(
            names = "--samples",
            paramLabel = "N",
            defaultValue = "128",
            description = "Most lines of the calibration text to use; default ${DEFAULT-VALUE}.")
    private int samples;

    /** At most one of them. */
    static final class Calibration {
        @Option(
                names = "--calibration",
                paramLabel = "FILE",
                description = "Calibration for micromix, made by 'mxforge calibrate'.")
        private Path report;

        @Option(
                names = "--calibration-text",
                paramLabel = "FILE",
                description = "Text to calibrate micromix on; default: the bundled one.")
        private Path text;
    }

    /** The recipe's canonical text; {@code bf16} when there is none. */
    String text() {
        return parsed().text();
    }

    private Recipe parsed() {
        return Recipe.parse(recipe == null ? "bf16" : recipe);
    }

    /** {@code checkpoint} with its layers quantized as the options say. */
    Checkpoint apply(Checkpoint checkpoint, Backend backend, Console console) {
        Recipe wanted = parsed();
        if (!wanted.quantizes()) {
            return checkpoint;
        }
        if (QuantizedTensors.in(checkpoint.weights().store())) {
            throw new MxForgeException(
                    checkpoint.folder() + " is quantized already: leave out --recipe, or start from the original");
        }
        CalibrationSource source = new CalibrationSource(calibration.report, calibration.text, samples, 0);
        return new QuantizationPlan(wanted, checkpoint, source.obtain(wanted, checkpoint, backend, console)).inMemory();
    }
}
