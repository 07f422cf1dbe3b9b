package org.mxforge.runtime.quant;

import java.net.URISyntaxException;
import java.nio.file.Path;

/** The small checkpoints with random weights that lie beside the tests. */
public final class QuantFixtures {
    private QuantFixtures() {}

    public static Path folder(String name) {
        try {
            return Path.of(QuantFixtures.class
                            .getResource("/models/" + name + "/config.json")
                            .toURI())
                    .getParent();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
