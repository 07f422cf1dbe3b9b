package org.mxforge.runtime.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mxforge.runtime.ImportedCheckpoint;
import org.mxforge.runtime.ModelFolder;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.checkpoint.quantized.QuantizedTensors;
import org.mxforge.runtime.checkpoint.safetensors.TensorStore;
import org.mxforge.runtime.checkpoint.safetensors.WeightReader;

/** The experts of gpt-oss, taken apart; the file was written by foreign_checkpoints.py, and what it stands for is beside it. */
class GptOssImportTest {
    private static final Path SOURCE = ForeignFixtures.folder("gpt-oss");

    @TempDir
    Path work;

    @Test
    void expertsBecomeLayers() throws IOException {
        ImportedCheckpoint imported = ModelFolder.importForeign(SOURCE, work.resolve("out"), Progress.SILENT);
        assertThat(imported.recipe().text()).isEqualTo("mxfp4/even");
        assertThat(imported.obstacle()).hasValueSatisfying(sentence -> assertThat(sentence)
                .contains("does not run here", "sinks", "clamped SwiGLU"));
        TensorStore store = TensorStore.open(imported.folder());
        QuantizedTensors layers = QuantizedTensors.open(new WeightReader(store));
        Map<String, float[]> expected = new TreeMap<>(ForeignFixtures.expected("gpt-oss"));
        assertThat(expected).hasSize(3 * 3 * 2);
        expected.forEach((name, values) -> {
            if (name.endsWith(".bias")) {
                assertThat(store.f32(name)).as(name).isEqualTo(values);
            } else {
                int channels = name.endsWith("down_proj") ? 32 : 64;
                assertThat(ForeignFixtures.values(layers.weight(name, values.length / channels, channels)
                                .matrix()
                                .partitions()
                                .get(0)))
                        .as(name)
                        .isEqualTo(values);
            }
        });
        TensorStore before = TensorStore.open(SOURCE);
        for (String plain : new String[] {"model.layers.0.self_attn.sinks", "model.layers.0.mlp.router.bias"}) {
            assertThat(store.bytes(plain).all()).isEqualTo(before.bytes(plain).all());
        }
        assertThat(store.names()).noneMatch(name -> name.endsWith("_blocks") || name.endsWith("_scales"));
        JsonNode config = new ObjectMapper()
                .readTree(imported.folder().resolve("config.json").toFile())
                .get("quantization_config");
        assertThat(config.get("quant_method").textValue()).isEqualTo("mxforge");
        assertThat(config.get("modules_to_not_convert")).hasSize(4);
        assertThatThrownBy(() -> ModelFolder.open(imported.folder()))
                .hasMessageContaining("GptOssForCausalLM, which is not supported");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'model_type': 'gpt_oss' | 'model_type': 'llama' | model_type",
                "'num_local_experts': 3 | 'num_local_experts': 4 | has shape [3, 64, 2, 16]",
                "'hidden_size': 64 | 'hidden_size': 128 | has shape",
                "'hidden_size': 64 | 'hidden_size': 65 | a multiple of 32",
                "'num_hidden_layers': 1 | 'num_hidden_layers': 2 | model.layers.1.mlp.experts.gate_up_proj_blocks",
                "'quant_method': 'mxfp4' | 'group_size': 16, 'quant_method': 'mxfp4' | key 'group_size'"
            })
    void whatDoesNotFitIsNamed(String from, String to, String message) throws IOException {
        Path folder = Files.createDirectory(work.resolve("changed"));
        Files.copy(SOURCE.resolve("model.safetensors"), folder.resolve("model.safetensors"));
        String config = Files.readString(SOURCE.resolve("config.json"));
        String changed = config.replace(from.replace('\'', '"'), to.replace('\'', '"'));
        assertThat(changed).isNotEqualTo(config);
        Files.writeString(folder.resolve("config.json"), changed);
        assertThatThrownBy(() -> ModelFolder.importForeign(folder, work.resolve("out"), Progress.SILENT))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining(message);
        assertThat(work.resolve("out")).doesNotExist();
    }
}
