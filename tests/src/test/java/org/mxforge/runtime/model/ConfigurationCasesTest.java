package org.mxforge.runtime.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.runtime.DecodedLogits;
import org.mxforge.runtime.TokenBatch;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.base.options.GenerationOptions;
import org.mxforge.runtime.checkpoint.safetensors.TensorStore;
import org.mxforge.runtime.exec.cpu.CpuBackend;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.kernel.VariantChooser;

/** Small models whose configuration was once misread, with logits of a forward pass in FP64 that knows what it means. */
class ConfigurationCasesTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"mixtral-default-theta", "rope-theta-inside-rope_scaling"})
    void logitsAreThoseOfTheReference(String name) {
        Path model = SharedFolder.require("cases/" + name, "its logits are not compared");
        Path out = folder.resolve("out.safetensors");
        try (Backend backend = open();
                Decoder decoder = Decoder.load(Checkpoint.open(model.resolve("model")), backend)) {
            DecodedLogits.write(TokenBatch.read(model.resolve("ids.safetensors")), decoder, out);
        }
        float[] expected =
                TensorStore.open(model.resolve("reference.safetensors")).f32("logits_f32");
        ConfiguredModels.assertClose(TensorStore.open(out).f32("logits"), expected, 1e-5f);
    }

    @Test
    void infinityInAnUnusedKeyDoesNotMatter() {
        Path model = SharedFolder.require("cases/config-json-nan-duplicate/model", "it is not run");
        try (Backend backend = open();
                Decoder decoder = Decoder.load(Checkpoint.open(model), backend)) {
            assertThat(decoder.config().rope().theta()).isEqualTo(10_000);
            int[] tokens = new Generator(decoder)
                    .generate(new int[] {5, 6}, GenerationOptions.greedy(2), token -> true)
                    .ids();
            assertThat(tokens).hasSize(2);
        }
    }

    private Backend open() {
        return new CpuBackend(2, VariantChooser.DEFAULTS, new ArtifactCache(folder.resolve("cache")));
    }
}
