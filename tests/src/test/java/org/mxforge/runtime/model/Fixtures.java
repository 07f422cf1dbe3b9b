package org.mxforge.runtime.model;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.mxforge.dsl.format.ScalarType;

/** The small checkpoints with random weights that lie beside the tests, with logits by transformers. */
public final class Fixtures {
    /** By name whether a fixture's logits were made by a model that had been cast to BF16 with its rotary frequencies. */
    private static final Map<String, Boolean> CAST =
            new TreeMap<>(Map.of("fx-llama", true, "fx-qwen2", true, "fx-qwen3", false, "fx-mixtral", true));

    private Fixtures() {}

    /** One of each family. */
    public static Set<String> names() {
        return CAST.keySet();
    }

    public static Path folder(String name) {
        URL config = Fixtures.class.getResource("/models/" + name + "/config.json");
        try {
            return Path.of(config.toURI()).getParent();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A fixture run as its logits were made. */
    public static Checkpoint checkpoint(String name) {
        return Checkpoint.open(folder(name)).withRopeFrequencies(CAST.get(name) ? ScalarType.BF16 : ScalarType.FP32);
    }
}
