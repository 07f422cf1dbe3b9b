package org.mxforge.runtime.cli.model;

import java.util.Locale;
import java.util.Optional;
import org.mxforge.dsl.format.CacheFormat;
import org.mxforge.runtime.CalibrationOptions;
import org.mxforge.runtime.Engine;
import org.mxforge.runtime.MemoryPlan;
import org.mxforge.runtime.Model;
import org.mxforge.runtime.ModelFolder;
import org.mxforge.runtime.Quantization;
import org.mxforge.runtime.base.options.SchedulerOptions;
import org.mxforge.runtime.cli.console.Console;

/**
 * A recipe that fits a model, before the model runs.
 *
 * @param folder the model
 * @param quantization the recipe, with its calibration if that was given
 * @param options what to calibrate on if it was not
 */
record PreparedRecipe(ModelFolder folder, Quantization quantization, CalibrationOptions options) {
    /** Whether the model must run for it. */
    boolean needsEngine() {
        return !folder.isQuantized() && quantization.needsCalibration();
    }

    /**
     * The model on {@code engine}, once it is known to fit into its memory, which is said, and how long loading took.
     *
     * @param sequences that will run together
     * @param context most tokens of each
     * @param cache how keys and values are kept
     */
    Model load(Engine engine, int sequences, int context, CacheFormat cache, Console console) {
        Quantization whole = on(engine);
        Optional<MemoryPlan> plan = engine.requireRoom(folder, whole, cache, sequences, context);
        plan.ifPresent(fitting -> console.note(fitting.text()));
        long start = System.nanoTime();
        Model model = engine.load(folder, whole, cache);
        plan.ifPresent(
                any -> console.note(String.format(Locale.ROOT, "loaded in %.1f s", (System.nanoTime() - start) / 1e9)));
        return model;
    }

    /** The same for a scheduler with these options. */
    Model load(Engine engine, SchedulerOptions options, CacheFormat cache, Console console) {
        int context = Math.min(options.context(), folder.maxPositions());
        return load(engine, (options.cacheTokens() + context - 1) / context, context, cache, console);
    }

    /** The whole of it, calibrated on {@code engine} if that is needed. */
    Quantization on(Engine engine) {
        return needsEngine() ? engine.quantization(folder, quantization.recipe(), options) : quantization;
    }
}
