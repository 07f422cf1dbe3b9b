package org.mxforge.runtime.refine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.checkpoint.safetensors.SafetensorsWriter;
import org.mxforge.runtime.checkpoint.safetensors.TensorStore;
import org.mxforge.runtime.checkpoint.safetensors.TensorType;
import org.mxforge.runtime.exec.cpu.CpuBackend;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.kernel.VariantChooser;
import org.mxforge.runtime.model.Checkpoint;
import org.mxforge.runtime.model.Decoder;
import org.mxforge.runtime.model.Fixtures;
import org.mxforge.runtime.model.family.ModelConfig;
import org.mxforge.runtime.quant.LinearSite;
import org.mxforge.runtime.quant.TensorTransform;
import org.mxforge.runtime.quant.TinyCheckpoint;

/** What is folded into a model leaves its logits as they were: on weights in FP32, so that nothing is rounded. */
class FoldingTest {
    private static final Random RANDOM = new Random(11);

    @TempDir
    Path folder;

    @ParameterizedTest
    @MethodSource("org.mxforge.runtime.model.Fixtures#names")
    void everyFamilyComputesTheSame(String name) {
        assertSame(
                inFp32(Fixtures.checkpoint(name)),
                new Random(3).ints(24, 0, 512).toArray());
    }

    @Test
    void aTiedOutputHeadBecomesOneOfItsOwn() {
        Checkpoint tied = Checkpoint.open(TinyCheckpoint.stored(folder.resolve("tied"), tensor -> TensorType.F32));
        assertThat(tied.config().tiedEmbeddings()).isTrue();
        Checkpoint changed = tied.with(Folding.gains(tied));
        assertThat(changed.config().tiedEmbeddings()).isFalse();
        assertThat(changed.weights().added()).containsExactly("lm_head.weight");
        assertSame(tied, 7, 3, 49, 0, 12);
    }

    private void assertSame(Checkpoint plain, int... ids) {
        Folding gains = Folding.gains(plain);
        ModelConfig config = plain.with(gains).config();
        TensorTransform rotated =
                gains.then(Folding.rotation(config, orthogonal(config.hidden()), heads(config), new HostRotations()));
        TensorTransform all = rotated.then(Folding.scaling(plain.with(rotated), scales(config)));
        TensorTransform scaled = Folding.scaling(plain, scales(config));
        try (Backend cpu = new CpuBackend(2, VariantChooser.DEFAULTS, new ArtifactCache(folder.resolve("cache")))) {
            float[] expected = logits(plain, cpu, ids);
            double size = 0;
            for (float value : expected) {
                size = Math.max(size, Math.abs(value));
            }
            for (TensorTransform change : List.of(gains, rotated, all, scaled)) {
                float[] found = logits(plain.with(change), cpu, ids);
                for (int i = 0; i < found.length; i++) {
                    assertThat((double) found[i]).isCloseTo(expected[i], within(2e-4 * size));
                }
                Checkpoint changed = plain.with(change);
                Checkpoint centred = plain.with(change.then(Folding.centring(changed, centres(config))));
                assertThat(centred.isCentred()).isTrue();
                float[] madeGood = logits(centred, cpu, ids);
                for (int i = 0; i < madeGood.length; i++) {
                    // Biases are rounded to BF16.
                    assertThat((double) madeGood[i]).isCloseTo(expected[i], within(1e-2 * size));
                }
            }
        }
    }

    private static Map<String, double[]> centres(ModelConfig config) {
        Map<String, double[]> centres = new HashMap<>();
        Folding.centred(config)
                .keySet()
                .forEach(site -> centres.put(
                        site.name(), RANDOM.doubles(site.channels(), -0.5, 0.5).toArray()));
        return centres;
    }

    private static float[] logits(Checkpoint checkpoint, Backend backend, int... ids) {
        int vocabulary = checkpoint.config().vocabulary();
        float[] all = new float[ids.length * vocabulary];
        try (Decoder decoder = Decoder.load(checkpoint, backend)) {
            decoder.logits(ids, (logits, first) -> {
                float[] rows = backend.download(logits);
                System.arraycopy(rows, 0, all, first * vocabulary, rows.length);
            });
        }
        return all;
    }

    private static double[] orthogonal(int size) {
        double[] symmetric = new double[size * size];
        for (int i = 0; i < size; i++) {
            for (int j = 0; j <= i; j++) {
                symmetric[i * size + j] = RANDOM.nextGaussian();
                symmetric[j * size + i] = symmetric[i * size + j];
            }
        }
        return LinearAlgebra.eigenvectors(symmetric, size);
    }

    private static List<double[][]> heads(ModelConfig config) {
        List<double[][]> heads = new ArrayList<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            double[][] own = new double[config.kvHeads()][];
            Arrays.setAll(own, head -> orthogonal(config.head()));
            heads.add(own);
        }
        return heads;
    }

    /** Query heads of one key/value head are scaled alike. */
    private static Map<String, double[]> scales(ModelConfig config) {
        Map<String, double[]> scales = new LinkedHashMap<>();
        for (LinearSite site : config.linearSites()) {
            double[] factors = RANDOM.doubles(site.channels(), 0.4, 2).toArray();
            if (site.name().endsWith("self_attn.o")) {
                int queries = config.heads() / config.kvHeads();
                for (int i = 0; i < factors.length; i++) {
                    int head = i / config.head() / queries * queries;
                    factors[i] = factors[head * config.head() + i % config.head()];
                }
            }
            scales.put(site.name(), factors);
        }
        return scales;
    }

    private Checkpoint inFp32(Checkpoint checkpoint) {
        TensorStore store = checkpoint.weights().store();
        SafetensorsWriter writer = new SafetensorsWriter();
        for (String name : store.names()) {
            long[] shape =
                    store.info(name).shape().stream().mapToLong(Long::longValue).toArray();
            writer.add(name, TensorType.F32, SafetensorsWriter.Payload.of(store.f32(name)), shape);
        }
        try {
            Path wide = Files.createDirectory(folder.resolve("fp32"));
            Files.copy(checkpoint.folder().resolve("config.json"), wide.resolve("config.json"));
            writer.write(wide.resolve("model.safetensors"));
            return Checkpoint.open(wide);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
