package org.mxforge.runtime.cli.kernels;

import java.nio.file.Path;
import org.mxforge.runtime.ModelFolder;
import org.mxforge.runtime.Quantization;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.quant.CalibrationReport;
import picocli.CommandLine.Option;

/** The options that name a quantized model, or how a plain one is to be quantized, without running it. */
class QuantizedModelOptions {
    @Option(
            names = "--model",
            paramLabel = "FOLDER",
            required = true,
            description = "A checkpoint in Hugging Face layout, plain or quantized by this program.")
    private Path folder;

    @Option(
            names = "--recipe",
            paramLabel = "RECIPE",
            description = "How a plain model is quantized, such as mxfp4; default: the model is quantized already.")
    private String recipe;

    @Option(
            names = "--calibration",
            paramLabel = "FILE",
            description = "Calibration for micromix, made by 'mxforge calibrate'.")
    private Path calibration;

    ModelFolder open() {
        return ModelFolder.open(folder);
    }

    Quantization quantization() {
        Quantization wanted = recipe == null ? Quantization.NONE : Quantization.by(recipe);
        if (wanted.recipe().mixed().isPresent()) {
            throw new MxForgeException("the recipe " + wanted.recipe().text()
                    + " is searched for on a text: let 'mxforge quantize' do that, and give its folder as --model");
        }
        return calibration == null ? wanted : wanted.with(CalibrationReport.load(calibration));
    }
}
