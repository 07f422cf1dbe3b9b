package org.mxforge.runtime.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mxforge.runtime.BundledModel;
import org.mxforge.runtime.DecodedLogits;
import org.mxforge.runtime.TokenBatch;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.base.json.StrictJson;
import org.mxforge.runtime.base.options.GenerationOptions;
import org.mxforge.runtime.checkpoint.safetensors.TensorStore;
import org.mxforge.runtime.eval.Perplexity;
import org.mxforge.runtime.exec.cpu.CpuBackend;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.KvCache;
import org.mxforge.runtime.kernel.VariantChooser;

/** Whole models on the CPU target's generated kernels, against numbers by transformers and NumPy. */
class CpuModelTest {
    private static final String PROMPT = "The history of the Roman Empire is";

    @TempDir
    static Path folder;

    private static Backend backend;
    private static Checkpoint demo;

    @BeforeAll
    static void open() {
        backend = new CpuBackend(2, VariantChooser.DEFAULTS, new ArtifactCache(folder.resolve("cache")));
        demo = Checkpoint.open(BundledModel.checkpoint(folder.resolve("demo")));
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    @ParameterizedTest
    @MethodSource("org.mxforge.runtime.model.Fixtures#names")
    void logitsAreThoseOfTransformers(String name) {
        Path expected = Fixtures.folder(name).resolve("expected.safetensors");
        Path out = folder.resolve(name + ".safetensors");
        try (Decoder decoder = Decoder.load(Fixtures.checkpoint(name), backend)) {
            DecodedLogits.write(TokenBatch.read(expected), decoder, out);
        }
        float[] ours = TensorStore.open(out).f32("logits");
        float[] theirs = TensorStore.open(expected).f32("logits_f32");
        assertThat(ours).hasSameSizeAs(theirs);
        for (int i = 0; i < ours.length; i++) {
            assertThat(ours[i]).isCloseTo(theirs[i], within(2e-3f));
        }
    }

    /** A text longer than one chunk of rows; the places where it is cut must not matter. */
    @Test
    void longTextsGoThroughInChunks() throws IOException {
        Path model = Files.createDirectory(folder.resolve("long"));
        Files.copy(Fixtures.folder("fx-llama").resolve("model.safetensors"), model.resolve("model.safetensors"));
        String config = Files.readString(Fixtures.folder("fx-llama").resolve("config.json"));
        Files.writeString(
                model.resolve("config.json"),
                config.replace("\"max_position_embeddings\": 256", "\"max_position_embeddings\": 4096"));
        int[] ids = new Random(5).ints(2100, 0, 512).toArray();
        try (Decoder decoder = Decoder.load(Checkpoint.open(model), backend);
                KvCache cache = decoder.newCache(2, ids.length);
                KvCache.Sequence whole = cache.open();
                KvCache.Sequence cut = cache.open()) {
            List<float[]> last = new ArrayList<>();
            Decoder.LogitsConsumer keep = (logits, firstRow) -> last.add(backend.download(logits));
            decoder.logits(whole, ids, 1, keep);
            decoder.run(cut, Arrays.copyOf(ids, 1001));
            decoder.logits(cut, Arrays.copyOfRange(ids, 1001, ids.length), 1, keep);
            assertThat(last).hasSize(2);
            for (int i = 0; i < 512; i++) {
                assertThat(last.get(1)[i]).isCloseTo(last.get(0)[i], within(1e-4f));
            }
        }
    }

    @Test
    void demoContinuesAsTheReferenceDoes() {
        List<Integer> reference = StrictJson.read(demo.folder().resolve("reference.json"), 1 << 20)
                .integers("greedy_ids", 0, Integer.MAX_VALUE);
        int[] prompt = demo.tokenizer().encode(PROMPT);
        assertThat(reference.subList(0, prompt.length)).containsExactlyElementsOf(boxed(prompt));
        try (Decoder decoder = Decoder.load(demo, backend)) {
            int[] text = new Generator(decoder)
                    .generate(prompt, GenerationOptions.greedy(24), token -> true)
                    .ids();
            assertThat(boxed(text)).isEqualTo(reference.subList(prompt.length, prompt.length + 24));
        }
    }

    /** The expected value comes from a forward pass written in NumPy, in double, that shares no code with this project. */
    @Test
    void demoPerplexityOfTheBundledText() {
        int[] ids = demo.tokenizer().encode(BundledModel.evaluationText());
        assertThat(ids).hasSize(4573);
        try (Decoder decoder = Decoder.load(demo, backend)) {
            assertThat(new Perplexity(256, 4).meanNll(decoder, ids, tokens -> {}))
                    .isCloseTo(3.7485743, within(1e-4));
        }
    }

    private static List<Integer> boxed(int[] ids) {
        return Arrays.stream(ids).boxed().toList();
    }
}
