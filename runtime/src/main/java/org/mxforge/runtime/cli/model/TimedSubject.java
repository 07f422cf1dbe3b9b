package org.mxforge.runtime.cli.model;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.mxforge.runtime.BundledModel;
import org.mxforge.runtime.ModelFolder;
import org.mxforge.runtime.ModelShape;
import org.mxforge.runtime.RandomModel;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.options.Workload;

/**
 * The model that is timed.
 *
 * @param name as it was asked for
 * @param folder its checkpoint
 * @param random the same where weights are random
 */
record TimedSubject(String name, ModelFolder folder, Optional<RandomModel> random) {
    private static final String DEMO = "demo";

    /**
     * Opens a model, or makes one, once {@code workload} is known to fit it.
     *
     * @param name of a shape, {@code demo}, or a folder's path
     * @param layers how many of a shape's layers are made; null for all
     * @throws MxForgeException if there is no such model, or something does not fit it
     */
    static TimedSubject open(String name, Integer layers, Workload workload) {
        Optional<ModelShape> shape = ModelShape.named(name);
        if (shape.isPresent()) {
            ModelShape wanted = layers == null ? shape.get() : shape.get().withLayers(layers);
            workload.checkFits(wanted.maxPositions());
            RandomModel random = wanted.make();
            return new TimedSubject(name, random.folder(), Optional.of(random));
        }
        if (layers != null) {
            throw new MxForgeException(
                    "--layers is for models that are made, " + shapes() + ": leave it out for " + name);
        }
        TimedSubject opened = new TimedSubject(name, folder(name), Optional.empty());
        workload.checkFits(opened.folder.maxPositions());
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
}
