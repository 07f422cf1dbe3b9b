package org.mxforge.runtime.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.checkpoint.safetensors.TensorStore;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.KvCache;
import org.mxforge.runtime.model.family.DecoderLayer.FeedForwardBlock;
import org.mxforge.runtime.quant.LinearSite;

class DecoderTest {
    private final Backend backend = new ReferenceBackend();

    @ParameterizedTest
    @MethodSource("org.mxforge.runtime.model.Fixtures#names")
    void logitsAreThoseOfTransformers(String name) {
        TensorStore expected = TensorStore.open(Fixtures.folder(name).resolve("expected.safetensors"));
        int[] ids = expected.ints("input_ids");
        float[] logits = expected.f32("logits_f32");
        int batch = Math.toIntExact(expected.info("input_ids").shape().get(0));
        int length = ids.length / batch;
        try (Decoder decoder = Decoder.load(Fixtures.checkpoint(name), backend)) {
            for (int i = 0; i < batch; i++) {
                float[] ours = logits(decoder, Arrays.copyOfRange(ids, i * length, (i + 1) * length));
                float[] theirs = Arrays.copyOfRange(logits, i * ours.length, (i + 1) * ours.length);
                assertThat(maxDifference(ours, theirs)).isLessThan(1e-4);
            }
        }
    }

    /** Frequencies in FP32, as transformers loads a model, give slightly other logits, the more so the later the token. */
    @Test
    void rotaryFrequenciesAreRoundedOnlyOnRequest() {
        int[] ids = TensorStore.open(Fixtures.folder("fx-llama").resolve("expected.safetensors"))
                .ints("input_ids");
        int[] first = Arrays.copyOf(ids, 48);
        Checkpoint rounded = Fixtures.checkpoint("fx-llama");
        Checkpoint exact = Checkpoint.open(Fixtures.folder("fx-llama"));
        assertThat(exact.config().rope().precision()).isEqualTo(ScalarType.FP32);
        assertThat(exact.withRopeFrequencies(ScalarType.BF16).config()).isEqualTo(rounded.config());
        try (Decoder a = Decoder.load(rounded, backend);
                Decoder b = Decoder.load(exact, backend)) {
            float[] wanted = logits(a, first);
            float[] got = logits(b, first);
            assertThat(Arrays.copyOf(got, 512)).isEqualTo(Arrays.copyOf(wanted, 512));
            assertThat(maxDifference(got, wanted)).isBetween(1e-3, 1e-1);
        }
    }

    @ParameterizedTest
    @MethodSource("org.mxforge.runtime.model.Fixtures#names")
    void stepByStepEqualsAllAtOnce(String name) {
        int[] ids = {3, 141, 59, 26, 500, 0, 3, 3, 77, 191};
        try (Decoder decoder = Decoder.load(Fixtures.checkpoint(name), backend);
                KvCache cache = decoder.newCache(1, ids.length);
                KvCache.Sequence sequence = cache.open()) {
            float[] whole = logits(decoder, ids);
            int vocabulary = decoder.config().vocabulary();
            int[] cuts = {0, 4, 5, 6, 8, 9, 10};
            for (int i = 1; i < cuts.length; i++) {
                int[] part = Arrays.copyOfRange(ids, cuts[i - 1], cuts[i]);
                float[] expected = Arrays.copyOfRange(whole, (cuts[i] - 1) * vocabulary, cuts[i] * vocabulary);
                decoder.logits(sequence, part, 1, (logits, firstRow) -> {
                    assertThat(firstRow).isZero();
                    assertThat(logits.rows()).isEqualTo(1);
                    assertThat(maxDifference(backend.download(logits), expected))
                            .isLessThan(1e-5);
                });
            }
        }
    }

    @ParameterizedTest
    @MethodSource("org.mxforge.runtime.model.Fixtures#names")
    void observerSeesEverySiteOnceWithAllItsRows(String name) {
        Checkpoint checkpoint = Fixtures.checkpoint(name);
        Map<String, Integer> rows = new LinkedHashMap<>();
        Map<String, Integer> channels = new LinkedHashMap<>();
        int[] ids = {5, 6, 7, 8, 9, 10, 11, 12};
        try (Decoder decoder = Decoder.load(checkpoint, backend, (site, values, r, c) -> {
                    assertThat(values).hasSize(r * c).doesNotContain(Float.NaN);
                    rows.merge(site, r, Integer::sum);
                    channels.put(site, c);
                });
                KvCache cache = decoder.newCache(1, 8);
                KvCache.Sequence sequence = cache.open()) {
            decoder.run(sequence, ids);
        }
        Map<String, Integer> expected = new LinkedHashMap<>();
        checkpoint.config().linearSites().forEach(site -> expected.put(site.name(), site.channels()));
        assertThat(expected).containsAllEntriesOf(channels);
        for (int layer = 0; layer < checkpoint.config().layers(); layer++) {
            String prefix = "model.layers." + layer + ".";
            assertThat(rows).containsEntry(prefix + "self_attn.qkv", 8).containsEntry(prefix + "self_attn.o", 8);
            int expertRows = rows.entrySet().stream()
                    .filter(e -> e.getKey().startsWith(prefix) && e.getKey().endsWith(".w2"))
                    .mapToInt(Map.Entry::getValue)
                    .sum();
            FeedForwardBlock block =
                    checkpoint.config().decoderLayers().get(layer).feedForward();
            assertThat(expertRows).isEqualTo(8 * block.<Integer>map(gated -> 0, FeedForwardBlock.Routed::perToken));
            if (block instanceof FeedForwardBlock.Routed) {
                assertThat(rows).containsEntry(prefix + "block_sparse_moe.experts.w1_w3", 8);
            }
        }
    }

    @Test
    void sitesNameTheLayersOfTheCheckpoint() {
        for (String name : Fixtures.names()) {
            Checkpoint checkpoint = Fixtures.checkpoint(name);
            List<String> weights = new ArrayList<>();
            for (LinearSite site : checkpoint.config().linearSites()) {
                site.layers().forEach(layer -> {
                    weights.add(layer.name() + ".weight");
                    checkpoint.weights().values(layer.name() + ".weight", layer.outputs(), layer.channels());
                    assertThat(checkpoint.weights().store().has(layer.name() + ".bias"))
                            .isEqualTo(layer.bias());
                });
            }
            assertThat(weights).doesNotHaveDuplicates();
            assertThat(checkpoint.weights().store().names().stream()
                            .filter(n -> n.contains(".layers.") && n.endsWith(".weight"))
                            .filter(n -> !n.contains("norm") && !n.endsWith("moe.gate.weight")))
                    .containsExactlyInAnyOrderElementsOf(weights);
        }
    }

    @Test
    void refusesWhatDoesNotFit() {
        try (Decoder decoder = Decoder.load(Fixtures.checkpoint("fx-qwen2"), backend);
                KvCache cache = decoder.newCache(1, 4);
                KvCache.Sequence sequence = cache.open()) {
            assertThatThrownBy(() -> decoder.run(sequence, new int[5]))
                    .isInstanceOf(MxForgeException.class)
                    .hasMessage("5 tokens at position 0 do not fit into a context of 4: shorten the text");
            assertThatThrownBy(() -> decoder.run(sequence, new int[] {512}))
                    .isInstanceOf(MxForgeException.class)
                    .hasMessageContaining("token 512 is outside the model's vocabulary of 512");
            assertThatThrownBy(() -> decoder.run(sequence, new int[] {-1})).isInstanceOf(MxForgeException.class);
            assertThatThrownBy(() -> decoder.run(sequence, new int[0])).isInstanceOf(MxForgeException.class);
            assertThatThrownBy(() -> decoder.newCache(1, 257))
                    .isInstanceOf(MxForgeException.class)
                    .hasMessageContaining("257");
            assertThat(sequence.length()).isZero();
            decoder.run(sequence, new int[3]);
            assertThatThrownBy(() -> decoder.run(sequence, new int[2])).isInstanceOf(MxForgeException.class);
        }
    }

    private float[] logits(Decoder decoder, int[] ids) {
        int vocabulary = decoder.config().vocabulary();
        float[] all = new float[ids.length * vocabulary];
        try (KvCache cache = decoder.newCache(1, ids.length);
                KvCache.Sequence sequence = cache.open()) {
            decoder.logits(
                    sequence,
                    ids,
                    ids.length,
                    (logits, firstRow) -> System.arraycopy(
                            backend.download(logits), 0, all, firstRow * vocabulary, logits.rows() * vocabulary));
        }
        return all;
    }

    private static double maxDifference(float[] a, float[] b) {
        assertThat(a).hasSameSizeAs(b);
        double max = 0;
        for (int i = 0; i < a.length; i++) {
            max = Math.max(max, Float.isFinite(a[i]) ? Math.abs(a[i] - b[i]) : Double.POSITIVE_INFINITY);
        }
        return max;
    }
}
