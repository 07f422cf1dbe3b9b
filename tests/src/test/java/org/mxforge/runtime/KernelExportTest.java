package org.mxforge.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.KernelKinds;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.base.cache.Digests;
import org.mxforge.runtime.base.options.Folding;
import org.mxforge.runtime.checkpoint.safetensors.TensorStore;
import org.mxforge.runtime.convert.QuantizationPlan;
import org.mxforge.runtime.model.Fixtures;
import org.mxforge.runtime.pack.FoldedMatrix;
import org.mxforge.runtime.quant.LinearSite;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.QuantizedWeight;
import org.mxforge.runtime.quant.Refinement;
import org.mxforge.runtime.quant.TensorTransform;

/** Folders of exported kernels and weights: what they hold, that they are the same every time, and that a change is named. */
class KernelExportTest {
    private static final KernelSpec SILU = KernelSpec.parse("silumul/v1;layout=plain");
    private static final KernelSpec GEMM =
            KernelSpec.parse("mxgemm/v2;pairs=e4m3xe2m1;groups=g32;epilogue=none;out=bf16;tolerance=exact");

    private static final Refinement.Took TOOK = new Refinement.Took(0, Map.of());

    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    /** A row kernel for two targets, and a product with a pass on each side. */
    private static KernelExport export() {
        KernelVariant twoPass = KernelVariant.of(GEMM, KernelKinds.algorithm(GEMM, "expand_wgmma"), Target.SM_90A);
        return KernelExport.empty()
                .with(KernelVariant.of(SILU, Target.SM_80))
                .with(KernelVariant.of(SILU, Target.SM_120A))
                .with(twoPass);
    }

    @BeforeAll
    static void write() {
        export().write(shared.resolve("kernels"), Progress.SILENT);
    }

    private Path copy() throws IOException {
        Path copy = folder.resolve("copy");
        try (Stream<Path> files = Files.walk(shared.resolve("kernels"))) {
            for (Path file : files.toList()) {
                Files.copy(
                        file,
                        copy.resolve(shared.resolve("kernels").relativize(file).toString()));
            }
        }
        return copy;
    }

    private static Map<String, String> sums(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return new TreeMap<>(files.filter(Files::isRegularFile)
                    .collect(Collectors.toMap(file -> root.relativize(file).toString(), KernelExportTest::sum)));
        }
    }

    private static String sum(Path file) {
        try {
            return Digests.sha256(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void twoRunsGiveTheSameBytes() throws IOException {
        export().write(folder.resolve("again"), Progress.SILENT);
        assertThat(sums(folder.resolve("again"))).isEqualTo(sums(shared.resolve("kernels")));
    }

    @Test
    void passesLeaveWithTheirKernel() {
        KernelFolder kernels = KernelFolder.open(shared.resolve("kernels"));
        Map<String, KernelFolder.Exported> byIdentifier = kernels.kernels().stream()
                .filter(kernel -> kernel.variant().target() == Target.SM_90A)
                .collect(Collectors.toMap(kernel -> kernel.variant().identifier(), Function.identity()));
        assertThat(byIdentifier.keySet())
                .containsExactlyInAnyOrder(
                        "mxexpand_e2m1_pass", "mxexpand_e4m3_pass", "mxgemm_e4m3xe2m1_g32_none_bf16_exact_wgmma_bf16");
        assertThat(byIdentifier.get("mxgemm_e4m3xe2m1_g32_none_bf16_exact_wgmma_bf16").uses().stream()
                        .map(use -> use.variant().algorithm().name()))
                .containsExactly("expand_wgmma");
    }

    /** What a description must have is what the schema says. */
    @Test
    void descriptionsKeepTheirSchema() throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        JsonNode schema =
                mapper.readTree(shared.resolve("kernels/kernel-1.schema.json").toFile());
        try (Stream<Path> files = Files.list(shared.resolve("kernels/kernels"))) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".json")).toList()) {
                JsonNode json = mapper.readTree(file.toFile());
                requireAll(schema, json);
                for (String list : List.of("arguments", "definitions", "uses")) {
                    JsonNode items = schema.at("/properties/" + list + "/items");
                    json.get(list).forEach(entry -> requireAll(items, entry));
                }
                json.get("conditions").forEach(condition -> assertThat(StreamSupport.stream(
                                        schema.at("/properties/conditions/items/oneOf")
                                                .spliterator(),
                                        false)
                                .filter(one -> required(one).allMatch(condition::has)))
                        .hasSize(1));
                for (String part : List.of("launch", "files", "compiler")) {
                    requireAll(schema.at("/properties/" + part), json.get(part));
                }
                assertThat(required(schema)).containsExactlyInAnyOrderElementsOf(json::fieldNames);
            }
        }
    }

    private static void requireAll(JsonNode schema, JsonNode value) {
        assertThat(required(schema)).allMatch(value::has);
    }

    private static Stream<String> required(JsonNode schema) {
        return StreamSupport.stream(schema.get("required").spliterator(), false).map(JsonNode::asText);
    }

    @Test
    void sourcesCompileToWhatLiesBesideThem() {
        assertThat(KernelFolder.open(shared.resolve("kernels")).recompile(Progress.SILENT))
                .hasSize(5)
                .allMatch(result -> result.compared() && result.fault().isEmpty());
    }

    @Test
    void changesAreNamed() throws IOException {
        Path copy = copy();
        Path cubin = copy.resolve("kernels/silumul_plain_rows_sm_80_threads256.cubin");
        byte[] bytes = Files.readAllBytes(cubin);
        bytes[100]++;
        Files.write(cubin, bytes);
        Files.delete(copy.resolve("README.md"));
        Files.writeString(copy.resolve("notes.txt"), "mine");
        assertThatThrownBy(() -> KernelFolder.open(copy))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("README.md is missing")
                .hasMessageContaining("kernels/silumul_plain_rows_sm_80_threads256.cubin was changed")
                .hasMessageContaining("notes.txt was added");
    }

    @Test
    void imagesOfAnotherSourceAreNamed() throws IOException {
        Path copy = copy();
        Path image = copy.resolve("kernels/silumul_plain_rows_sm_80_threads256.cubin");
        String before = sum(image);
        Files.write(image, Files.readAllBytes(copy.resolve("kernels/silumul_plain_rows_sm_120a_threads256.cubin")));
        Path sums = copy.resolve("SHA256SUMS");
        Files.writeString(sums, Files.readString(sums).replace(before, sum(image)));
        KernelFolder kernels = KernelFolder.open(copy);
        assertThat(kernels.recompile(Progress.SILENT).stream()
                        .filter(result -> result.fault().isPresent())
                        .map(KernelFolder.Recompiled::kernel))
                .containsExactly("silumul_plain_rows_sm_80_threads256");
    }

    @Test
    void foreignFoldersAreRefused() throws IOException {
        assertThatThrownBy(() -> KernelFolder.open(folder.resolve("none"))).hasMessageContaining("there is no folder");
        assertThatThrownBy(() -> KernelFolder.open(folder)).hasMessageContaining("SHA256SUMS");
        Files.writeString(folder.resolve("SHA256SUMS"), "0".repeat(64) + "  ../secret\n");
        assertThatThrownBy(() -> KernelFolder.open(folder)).hasMessageContaining("no sum of a file in its folder");
    }

    /** As an engine on such a GPU: products that nobody multiplies directly get the passes that pay. */
    @Test
    void choicesAreThoseOfAnEngine() {
        TunedKernel many = KernelExport.empty()
                .with(GEMM, Target.SM_90A, "m2048,n4096,k4096")
                .kernels()
                .get(0);
        assertThat(many.variant().algorithm().name()).isEqualTo("expand_wgmma");
        TunedKernel other = KernelExport.empty()
                .with(GEMM, Target.SM_120A, "m16,n4096,k4096")
                .kernels()
                .get(0);
        assertThat(other.variant().algorithm().name()).isEqualTo("mma_scaled");
        assertThat(other.measured()).isFalse();
    }

    @Test
    void shapesThatTheKernelWouldRefuseAreRefusedBefore() {
        for (String shape : List.of("m16,n384,k500", "m16,n384,k256+256")) {
            assertThatThrownBy(() -> KernelExport.empty().with(GEMM, Target.SM_80, shape))
                    .as(shape)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(shape)
                    .hasMessageContaining("a multiple of 32");
        }
    }

    @Test
    void whatCannotBeExportedIsRefused() {
        assertThatThrownBy(() -> export().write(shared.resolve("kernels"), Progress.SILENT))
                .hasMessageContaining("exists");
        assertThatThrownBy(() -> KernelExport.empty().write(folder.resolve("out"), Progress.SILENT))
                .hasMessageContaining("no kernels");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KernelExport.empty().with(GEMM, Target.CPU, "m1,n32,k32"))
                .withMessageContaining("choose a GPU target");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KernelExport.empty().with(GEMM, Target.SM_80, "m1,k32"))
                .withMessageContaining("is not one of");
        assertThat(folder).isEmptyDirectory();
    }

    /** Every tensor as the layouts have it, and as the kernels' description names them. */
    @Test
    void weightsLieAsTheirKernelsReadThem() {
        ModelFolder model = ModelFolder.open(Fixtures.folder("fx-llama"));
        Quantization mxfp4 = Quantization.by("mxfp4");
        KernelExport.empty()
                .with(model, mxfp4, Target.SM_90A, Folding.EXACT, List.of(1))
                .write(folder.resolve("kernels"), Progress.SILENT);
        KernelFolder kernels = KernelFolder.open(folder.resolve("kernels"));
        Path file = folder.resolve("model.safetensors");
        model.exportWeights(mxfp4, kernels, Target.SM_90A, file, Progress.SILENT);
        TensorStore tensors = TensorStore.open(folder);
        // As the engine multiplies them: query, key and value together.
        LinearSite site = model.checkpoint().config().linearSites().get(0);
        PackedMatrix packed = PackedMatrix.joined(site.layers().stream()
                .map(layer -> mxfp4.apply(model).quantizedWeight(layer).matrix())
                .toList());
        FoldedMatrix folded = FoldedMatrix.fold(packed, OperandLayout.FRAGMENTS, Side.WEIGHT);
        assertThat(tensors.bytes(site.name() + ".weight.part0.elements").all())
                .isEqualTo(folded.partitions().get(0).tiles());
        assertThat(tensors.f32(site.name() + ".weight.factors")).isEqualTo(folded.factors());
        assertThat(tensors.metadata().get("mxforge.layer." + site.name()))
                .contains(
                        "\"layout\":\"fragments\"",
                        "\"split\":\"e2m1xe2m1:128/32\"",
                        "\"transform\":\"none\"",
                        "q_proj\":128",
                        "k_proj\":64");
        assertThat(tensors.has("model.layers.0.self_attn.o_proj.weight.factors"))
                .isTrue();
        assertThat(kernels.kernels().stream()
                        .flatMap(kernel -> kernel.uses().stream())
                        .map(KernelFolder.Use::shape)
                        .filter(shape -> shape.contains("n")))
                .containsOnly("m1,n256,k128", "m1,n128,k128", "m1,n768,k128", "m1,n128,k384");
        assertThatThrownBy(() -> model.exportWeights(
                        Quantization.by("mxfp8"), kernels, Target.SM_90A, folder.resolve("other"), Progress.SILENT))
                .hasMessageContaining("has no product of e4m3xe4m3");
        assertThat(folder.resolve("other")).doesNotExist();
    }

    /** Weights that go with other embeddings and an output head of its own: a stranger gets these as well. */
    @Test
    void whatChangedWithTheWeightsLeavesWithThem() {
        ModelFolder model = ModelFolder.open(Fixtures.folder("fx-qwen2"));
        QuantizationPlan mxfp4 = Quantization.by("mxfp4").plan(model.checkpoint());
        Map<String, QuantizedWeight> weights = new HashMap<>();
        List<Refinement.Site> sites = new ArrayList<>();
        mxfp4.sites().forEach((site, input) -> {
            sites.add(new Refinement.Site(site, input, 0, 0, 0));
            site.layers()
                    .forEach(layer -> weights.put(layer.name(), mxfp4.inMemory().quantizedWeight(layer)));
        });
        Quantization halved = Quantization.by("mixed;bits=4.0")
                .with(new Refinement(new HalvedEmbeddings(), sites, weights, List.of(), Optional.empty(), TOOK));
        KernelExport.empty()
                .with(model, Quantization.by("mxfp4"), Target.SM_80, Folding.EXACT, List.of(1))
                .write(folder.resolve("kernels"), Progress.SILENT);
        KernelFolder kernels = KernelFolder.open(folder.resolve("kernels"));
        model.exportWeights(halved, kernels, Target.SM_80, folder.resolve("model.safetensors"), Progress.SILENT);
        TensorStore exported = TensorStore.open(folder);
        assertThat(exported.names())
                .filteredOn(name -> name.endsWith("weight"))
                .containsExactlyInAnyOrder(HalvedEmbeddings.TABLE, HalvedEmbeddings.HEAD);
        float[] halves = model.checkpoint().weights().store().f32(HalvedEmbeddings.TABLE);
        for (int i = 0; i < halves.length; i++) {
            halves[i] /= 2;
        }
        assertThat(exported.f32(HalvedEmbeddings.TABLE)).isEqualTo(halves);
        assertThat(exported.f32(HalvedEmbeddings.HEAD))
                .isEqualTo(model.checkpoint().weights().store().f32(HalvedEmbeddings.TABLE));
    }

    /** A norm that takes something off is no kernel's that is exported. */
    @Test
    void weightsBehindACentreAreRefused() {
        ModelFolder model = ModelFolder.open(Fixtures.folder("fx-qwen2"));
        Quantization centred = Quantization.by("mixed;bits=4.0")
                .with(new Refinement(new Centred(), sites(model), Map.of(), List.of(), Optional.empty(), TOOK));
        KernelExport.empty()
                .with(model, Quantization.by("mxfp4"), Target.SM_80, Folding.EXACT, List.of(1))
                .write(folder.resolve("kernels"), Progress.SILENT);
        KernelFolder kernels = KernelFolder.open(folder.resolve("kernels"));
        assertThatThrownBy(() -> model.exportWeights(
                        centred, kernels, Target.SM_80, folder.resolve("model.safetensors"), Progress.SILENT))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("quantize it with centre=off");
        assertThat(folder.resolve("model.safetensors")).doesNotExist();
    }

    private static List<Refinement.Site> sites(ModelFolder model) {
        List<Refinement.Site> sites = new ArrayList<>();
        Quantization.by("mxfp4")
                .plan(model.checkpoint())
                .sites()
                .forEach((site, input) -> sites.add(new Refinement.Site(site, input, 0, 0, 0)));
        return sites;
    }

    private static final class Centred implements TensorTransform {
        @Override
        public boolean changes(String tensor) {
            return vectors().containsKey(tensor);
        }

        @Override
        public void apply(String tensor, float[] values) {}

        @Override
        public Map<String, Integer> vectors() {
            return Map.of("model.layers.0.input_layernorm.centre", 128);
        }
    }

    private static final class HalvedEmbeddings implements TensorTransform {
        static final String TABLE = "model.embed_tokens.weight";
        static final String HEAD = "lm_head.weight";

        @Override
        public boolean changes(String tensor) {
            return tensor.equals(TABLE);
        }

        @Override
        public void apply(String tensor, float[] values) {
            for (int i = 0; i < values.length; i++) {
                values[i] /= 2;
            }
        }

        @Override
        public Map<String, String> copies() {
            return Map.of(HEAD, TABLE);
        }
    }
}
