package org.mxforge.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.base.options.TuneMode;
import org.mxforge.runtime.model.Fixtures;

/** A fixture with a tokenizer, since none has one: the bundled model's knows all its tokens. Loaded on the CPU. */
record ServedModel(Engine engine, Model model) implements AutoCloseable {
    static final EngineOptions CPU =
            EngineOptions.defaults().withDevice(DeviceKind.CPU).withThreads(2).withTuning(TuneMode.OFF);

    static ServedModel open(Path folder) {
        return open(folder, Progress.SILENT);
    }

    static ServedModel open(Path folder, Progress progress) {
        Engine engine = Engine.open(CPU, progress);
        return new ServedModel(engine, engine.load(folder(folder)));
    }

    private static ModelFolder folder(Path parent) {
        try {
            Path folder = Files.createTempDirectory(parent, "served");
            Path fixture = Fixtures.folder("fx-llama");
            for (String file : new String[] {"config.json", "model.safetensors"}) {
                Files.copy(fixture.resolve(file), folder.resolve(file));
            }
            Files.copy(BundledModel.open().path().resolve("tokenizer.json"), folder.resolve("tokenizer.json"));
            return ModelFolder.open(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        engine.close();
    }
}
