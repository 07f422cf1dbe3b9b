package org.mxforge.runtime.refine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mxforge.runtime.base.CancelledException;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.checkpoint.safetensors.TensorStore;
import org.mxforge.runtime.convert.CheckpointQuantizer;
import org.mxforge.runtime.convert.QuantizationPlan;
import org.mxforge.runtime.exec.cpu.CpuBackend;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.kernel.VariantChooser;
import org.mxforge.runtime.model.Checkpoint;
import org.mxforge.runtime.model.Decoder;
import org.mxforge.runtime.model.Fixtures;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.LinearSite;
import org.mxforge.runtime.quant.MixedRecipe;
import org.mxforge.runtime.quant.Recipe;
import org.mxforge.runtime.quant.Refinement;
import org.mxforge.runtime.quant.TinyCheckpoint;

/** The whole search on small models with random weights. */
class RefinerTest {
    @TempDir
    Path folder;

    private Backend cpu;

    @BeforeEach
    void open() {
        cpu = new CpuBackend(2, VariantChooser.DEFAULTS, new ArtifactCache(folder.resolve("cache")));
    }

    @AfterEach
    void close() {
        cpu.close();
    }

    private static MixedRecipe recipe(String text) {
        return Recipe.parse(text).mixed().orElseThrow();
    }

    private static List<int[]> windows(int count, int vocabulary) {
        Random random = new Random(1);
        return IntStream.range(0, count)
                .mapToObj(i -> random.ints(48, 0, vocabulary).toArray())
                .toList();
    }

    private SearchCache cache() {
        return SearchCache.in(new ArtifactCache(folder.resolve("searches")), List.of("a model"));
    }

    private Refinement search(Checkpoint plain, String recipe) {
        return search(plain, recipe, cache(), Progress.SILENT);
    }

    private Refinement search(Checkpoint plain, String recipe, SearchCache cache, Progress progress) {
        List<int[]> windows = windows(6, plain.config().vocabulary());
        return Refiner.search(plain, cpu, recipe(recipe), windows, RefinerTest::millis, cache, progress);
    }

    @Test
    void aSearchThatWasInterruptedGoesOn() throws IOException {
        Checkpoint plain = Fixtures.checkpoint("fx-llama");
        Refinement whole = search(plain, "mixed");
        SearchCache interrupted = cache();
        assertThatThrownBy(() -> search(plain, "mixed", interrupted, new Cancelling("rounding weights", 2)))
                .isInstanceOf(CancelledException.class);
        SearchCache next = cache();
        Refinement found = search(plain, "mixed", next, Progress.SILENT);
        // Both probes of all sites, and the two products of the first block.
        assertThat(next.hits()).isEqualTo(2L * plain.config().linearSites().size() + 2);
        assertThat(logits(new QuantizationPlan(recipe("mixed"), plain, found).inMemory()))
                .isEqualTo(logits(new QuantizationPlan(recipe("mixed"), plain, whole).inMemory()));
        try (Stream<Path> left = Files.list(folder.resolve("searches/search"))) {
            assertThat(left).as("a search that ended").isEmpty();
        }
    }

    /** Of searches that were killed and never started again nothing stays for ever; one of these days may go on. */
    @Test
    void abandonedSearchesAreRemoved() throws IOException {
        Path searches = folder.resolve("searches/search");
        Instant now = Instant.now();
        Path old = left(searches.resolve("old"), now.minus(SearchCache.KEPT.plusDays(1)));
        Path young = left(searches.resolve("young"), now.minus(SearchCache.KEPT.minusDays(1)));
        cache();
        assertThat(old).doesNotExist();
        assertThat(young.resolve("kind/found")).exists();
        assertThat(Refiner.interrupted(folder.resolve("searches"))).isEqualTo(1);
    }

    private static Path left(Path search, Instant when) throws IOException {
        Path kind = Files.createDirectories(search.resolve("kind"));
        Path file = Files.writeString(kind.resolve("found"), "x");
        for (Path path : List.of(file, kind, search)) {
            Files.setLastModifiedTime(path, FileTime.from(when));
        }
        return search;
    }

    @Test
    void searchesOfOtherThingsHaveOtherNames() {
        TensorStore model = Fixtures.checkpoint("fx-llama").weights().store();
        List<String> parts = SearchCache.parts(model, windows(2, 50), "mixed", "CPU");
        assertThat(SearchCache.parts(model, windows(2, 50), "mixed", "CPU")).isEqualTo(parts);
        assertThat(SearchCache.parts(model, windows(3, 50), "mixed", "CPU")).isNotEqualTo(parts);
        assertThat(SearchCache.parts(Fixtures.checkpoint("fx-qwen2").weights().store(), windows(2, 50), "mixed", "CPU"))
                .isNotEqualTo(parts);
    }

    /** Cancels once so many units of a task are done. */
    private static final class Cancelling implements Progress {
        private final String wanted;
        private final long last;
        private long done;

        Cancelling(String wanted, long last) {
            this.wanted = wanted;
            this.last = last;
        }

        @Override
        public Task begin(String task, String unit, long total) {
            return task.equals(wanted) ? units -> done += units : units -> {};
        }

        @Override
        public boolean isCancelled() {
            return done >= last;
        }
    }

    /** A device on which only bits of weights take time, a millisecond each. */
    private static double millis(LinearSite site, InputQuantization input, int tokens) {
        return input.split().weightBits();
    }

    @Test
    void aBudgetOfTimeIsKept() {
        Checkpoint plain = Fixtures.checkpoint("fx-llama");
        int sites = plain.config().linearSites().size();
        Refinement found = search(plain, "mixed;ms=" + 5 * sites + ";decode=0");
        Refinement.Time time = found.time().orElseThrow();
        assertThat(time.millis()).isBetween(4.9 * sites, 5.0 * sites);
        assertThat(found.sites()).as("activations cost nothing here").allSatisfy(site -> assertThat(
                        site.input().split().activationBits())
                .isEqualTo(8));
    }

    @ParameterizedTest
    @CsvSource({"fx-qwen2, off", "fx-mixtral, off", "fx-qwen2, on", "fx-mixtral, on"})
    void lossesFallWithTheBits(String name, String centre) {
        Checkpoint plain = Fixtures.checkpoint(name);
        double narrow = error(plain, quantized(plain, "mixed;bits=4.0;centre=" + centre));
        assertThat(error(plain, quantized(plain, "mixed;bits=7.0;centre=" + centre)))
                .isLessThan(narrow / 2);
    }

    @Test
    void whatWasFoundKeepsToTheBudgetAndIsDrawn() {
        Checkpoint plain = Fixtures.checkpoint("fx-llama");
        Refinement found = search(plain, "mixed;w=4.5;a=6.0");
        assertThat(found.weightBits()).isBetween(4.3, 4.5 + 1e-9);
        assertThat(found.activationBits()).isBetween(5.8, 6.0 + 1e-9);
        assertThat(found.took().stages())
                .containsOnlyKeys(
                        "probing", "looking at inputs", "measuring inputs", "trying formats", "rounding weights");
        assertThat(found.took().seconds())
                .isGreaterThan(found.took().stages().values().stream()
                        .mapToDouble(seconds -> seconds)
                        .sum());
        assertThat(found.sites()).hasSameSizeAs(plain.config().linearSites()).allSatisfy(site -> {
            assertThat(site.input().split().partitions()).hasSizeLessThanOrEqualTo(3);
            assertThat(site.predicted()).isLessThanOrEqualTo(site.activationLoss() + site.weightLoss());
        });
        assertThat(found.drift()).hasSize(2 * plain.config().layers()).allMatch(drift -> drift > 0 && drift < 1);
        assertThat(RefinementPage.of("<b>", "mixed;bits=5.0", found, trials(plain), Instant.EPOCH))
                .contains("&lt;b&gt; in mixed;bits=5.0", "model.layers.1.mlp.down", "e4m3", "feed-forward 1")
                .contains("Take &lt;mixed&gt;", "1,234 tokens", "\"name\":\"mxfp4\",\"data\":[[4.25,12.5]]")
                .contains("application/json\">{\"animation\"");
    }

    private static RefinementPage.Trials trials(Checkpoint plain) {
        Map<String, Double> millis =
                plain.config().linearSites().stream().collect(Collectors.toMap(LinearSite::name, site -> 0.5));
        return new RefinementPage.Trials(
                List.of(
                        new RefinementPage.Trial("bf16", 16, 10, 0, Map.of()),
                        new RefinementPage.Trial("mxfp4", 4.25, 12.5, 0.2, millis)),
                1234,
                "CPU",
                "Take <mixed>.",
                512);
    }

    private Checkpoint quantized(Checkpoint plain, String recipe) {
        return new QuantizationPlan(recipe(recipe), plain, search(plain, recipe)).inMemory();
    }

    @Test
    void aSavedModelComputesTheSameBits() {
        Checkpoint plain = Checkpoint.open(TinyCheckpoint.write(folder.resolve("tiny"), 128, 192));
        assertThat(plain.config().tiedEmbeddings()).isTrue();
        for (String text : List.of(
                "mixed;w=4.5;a=6.0",
                "mixed;bits=5.0;rotate=off;smooth=0.5;hadamard=off;round=gptq",
                "mixed;bits=5.0;centre=on")) {
            MixedRecipe recipe = recipe(text);
            QuantizationPlan plan = new QuantizationPlan(recipe, plain, search(plain, text));
            Path out = folder.resolve("saved" + text.length());
            new CheckpointQuantizer(plan).write(out, elements -> {});
            Checkpoint saved = Checkpoint.open(out);
            assertThat(saved.config().tiedEmbeddings()).isEqualTo(!recipe.rotates(1));
            assertThat(saved.isCentred()).isEqualTo(recipe.centre());
            assertThat(logits(saved)).isEqualTo(logits(plan.inMemory()));
        }
    }

    @Test
    void anInputThatIsNotFiniteIsNamed() {
        Checkpoint poisoned =
                Checkpoint.open(TinyCheckpoint.huge(folder.resolve("huge"), "model.layers.0.mlp.up_proj.weight"));
        assertThatThrownBy(() -> search(poisoned, "mixed;rotate=off"))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("model.layers.0.mlp.down")
                .hasMessageContaining("NaN or an infinity");
    }

    @Test
    void tooLittleTextIsRefusedAndLittleTextWarnedOf() {
        Checkpoint plain = Checkpoint.open(TinyCheckpoint.write(folder.resolve("tiny"), 128, 192));
        List<String> warnings = new ArrayList<>();
        Progress listener = new Progress() {
            @Override
            public void warning(String sentence) {
                warnings.add(sentence);
            }
        };
        assertThatThrownBy(() -> run(plain, "mixed", windows(6, 50), listener))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("288 tokens are few")
                .hasMessageContaining("round=nearest");
        run(plain, "mixed;round=nearest", windows(6, 50), listener);
        assertThat(warnings).isEmpty();
        run(plain, "mixed;round=gptq", windows(210, 50), listener);
        assertThat(warnings).singleElement().asString().contains("10,080 tokens are few", "30,000 or more");
    }

    private void run(Checkpoint plain, String recipe, List<int[]> windows, Progress listener) {
        ArtifactCache searches = new ArtifactCache(folder.resolve("searches"));
        Refiner.run(plain, cpu, recipe(recipe), windows, RefinerTest::millis, searches, listener);
    }

    private double error(Checkpoint expected, Checkpoint found) {
        float[] wanted = logits(expected);
        float[] had = logits(found);
        double sum = 0;
        for (int i = 0; i < wanted.length; i++) {
            sum += (wanted[i] - had[i]) * (wanted[i] - had[i]);
        }
        return sum;
    }

    private float[] logits(Checkpoint checkpoint) {
        int[] ids = {7, 3, 49, 0, 12, 3, 3, 21};
        int vocabulary = checkpoint.config().vocabulary();
        float[] all = new float[ids.length * vocabulary];
        try (Decoder decoder = Decoder.load(checkpoint, cpu)) {
            decoder.logits(ids, (logits, first) -> {
                float[] rows = cpu.download(logits);
                System.arraycopy(rows, 0, all, first * vocabulary, rows.length);
            });
        }
        return all;
    }
}
