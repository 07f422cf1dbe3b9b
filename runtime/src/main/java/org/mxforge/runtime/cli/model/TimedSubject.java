package org.mxforge.runtime.cli.model;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.mxforge.runtime.BundledModel;
import org.mxforge.runtime.CalibrationOptions;
import org.mxforge.runtime.Engine;
import org.mxforge.runtime.ModelFolder;
import org.mxforge.runtime.ModelShape;
import org.mxforge.runtime.Quantization;
import org.mxforge.runtime.RandomModel;
import org.mxforge.runtime.base.ByteSize;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.options.Workload;
import org.mxforge.runtime.cli.console.Console;
import org.mxforge.runtime.quant.Recipe;

/**
 * The model that is timed.
 *
 * @param name as it was asked for
 * @param folder its checkpoint
 * @param random the same where weights are random
 */
record TimedSubject(String name, ModelFolder folder, Optional<RandomModel> random) {
    private static final String DEMO = "demo";

    /** Operations a second of a core, as the bundled model reaches them. */
    private static final double CORE_RATE = 25e9;

    private static final double MOST_HOURS = 3;

    /** Lines of the bundled text that recipes are calibrated on which need it; what they say does not change the speed. */
    private static final int SAMPLES = 32;

    /**
     * Opens a model, or makes one, once it is known what fits it.
     *
     * @param name of a shape, {@code demo}, or a folder's path
     * @param layers how many of a shape's layers are made; null for all
     * @param fits is given the longest context, and refuses one that is too short
     * @throws MxForgeException if there is no such model, or something does not fit it
     */
    static TimedSubject open(String name, Integer layers, IntConsumer fits) {
        Optional<ModelShape> shape = ModelShape.named(name);
        if (shape.isPresent()) {
            ModelShape wanted = layers == null ? shape.get() : shape.get().withLayers(layers);
            fits.accept(wanted.maxPositions());
            RandomModel random = wanted.make();
            return new TimedSubject(name, random.folder(), Optional.of(random));
        }
        if (layers != null) {
            throw new MxForgeException(
                    "--layers is for models that are made, " + shapes() + ": leave it out for " + name);
        }
        TimedSubject opened = new TimedSubject(name, folder(name), Optional.empty());
        fits.accept(opened.folder.maxPositions());
        return opened;
    }

    private static ModelFolder folder(String name) {
        if (name.equals(DEMO)) {
            return BundledModel.open();
        }
        if (!Files.exists(Path.of(name))) {
            throw new MxForgeException("there is no folder " + name + " and no shape of that name: give a folder with a"
                    + " checkpoint, " + DEMO + " or one of " + shapes());
        }
        return ModelFolder.open(Path.of(name));
    }

    private static String shapes() {
        return String.join(", ", ModelShape.names());
    }

    /** {@code recipe} for it, checked before a device is opened. */
    PreparedRecipe prepare(Recipe recipe, Console console) {
        if (random.isPresent()) {
            Quantization quantization = random.get().quantization(recipe);
            folder.check(quantization);
            return new PreparedRecipe(folder, quantization, CalibrationOptions.defaults());
        }
        RecipeOptions.checkKept(folder, recipe);
        CalibrationSource source = new CalibrationSource(null, List.of(), false, SAMPLES, null);
        if (folder.isQuantized() && recipe.text().equals(folder.recipe().text())) {
            // As it is stored.
            return new PreparedRecipe(folder, Quantization.NONE, source.options());
        }
        return source.prepare(folder, recipe, console);
    }

    /**
     * Refuses on a CPU what nobody waits for.
     *
     * @param recipes how many are timed
     * @throws MxForgeException saying how long it would take, and what would not
     */
    void checkDuration(Workload workload, int recipes) {
        double bitsPerWeight = folder.isQuantized() ? folder.size().bitsPerWeight() : Short.SIZE;
        double weights = Byte.SIZE * folder.size().bytes() / bitsPerWeight;
        int cores = Runtime.getRuntime().availableProcessors();
        double hours = 2 * weights * workload.tokens() * recipes / (CORE_RATE * cores) / 3600;
        if (hours > MOST_HOURS) {
            throw new MxForgeException(String.format(
                    Locale.ROOT,
                    "%s would take about %,.0f hours on %d cores of a CPU: run it on a GPU, or choose a smaller batch,"
                            + " prefill, decode or number of repeats%s",
                    name,
                    hours,
                    cores,
                    random.isPresent() ? ", or fewer layers" : ""));
        }
    }

    /** The begin of a JSON document about it. */
    ObjectNode document() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("model", name)
                .put("layers", folder.layers())
                .put("random_weights", random.isPresent());
    }

    /** What it is, and what it runs on. */
    String on(Engine engine) {
        String layers = folder.layers() == 1 ? "1 layer" : folder.layers() + " layers";
        String weights = random.isPresent()
                ? ", random weights of " + ByteSize.text(folder.size().bytes())
                : "";
        return name + " (" + layers + weights + ") on " + engine.device();
    }
}
