package org.mxforge.runtime.model;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import org.mxforge.dsl.format.ScalarType;

/** The small checkpoints with random weights that lie beside the tests, with logits by transformers. */
public final class Fixtures {
    private Fixtures() {}

    public static Path folder(String name) {
        URL config = Fixtures.class.getResource("/models/" + name + "/config.json");
        try {
            return Path.of(config.toURI()).getParent();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A fixture run as its logits were made: by a model that had been cast to BF16 with its rotary frequencies. */
    public static Checkpoint checkpoint(String name) {
        return Checkpoint.open(folder(name)).withRopeFrequencies(ScalarType.BF16);
    }
}
