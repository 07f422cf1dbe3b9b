package org.mxforge.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.options.TuneMode;
import org.mxforge.runtime.base.options.Workload;
import org.mxforge.runtime.checkpoint.safetensors.WeightReader;
import org.mxforge.runtime.quant.Recipe;

class RandomModelTest {
    private static final EngineOptions CPU =
            EngineOptions.defaults().withDevice(DeviceKind.CPU).withThreads(2).withTuning(TuneMode.OFF);

    private static ModelShape tiny(String family) {
        return new ModelShape("tiny", family, 64, 96, 2, 4, 2, 50, 40, 1e4);
    }

    @ParameterizedTest
    @CsvSource({
        "llama, mxfp4",
        "qwen2, micromix;shares=70:20:10;granularity=32",
        "mixtral, micromix;shares=50:0:50;granularity=32",
        "qwen2, int8",
        "mixtral, int8"
    })
    void isAWholeModel(String family, String recipe) {
        RandomModel random = tiny(family).withLayers(1).make();
        assertThat(random.folder().layers()).isEqualTo(1);
        try (Engine engine = Engine.open(CPU);
                Model model = engine.load(random.folder(), random.quantization(Recipe.parse(recipe)))) {
            Throughput result = model.time(new Workload(3, 5, 4, 1, 2));
            assertThat(result.prefill().millis()).hasSize(2).allMatch(time -> time > 0);
            assertThat(result.step().millis()).hasSize(2).allMatch(time -> time > 0);
            assertThat(result.memory()).isEmpty();
            assertThatThrownBy(() -> model.time(new Workload(1, 37, 4, 0, 1)))
                    .isInstanceOf(MxForgeException.class)
                    .hasMessageContaining("need a context of 41, but the model takes 40");
        }
    }

    @Test
    void whatMustBeMeasuredIsRefused() {
        RandomModel random = tiny("llama").make();
        assertThatThrownBy(() -> random.quantization(Recipe.parse("micromix")))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("give the shares of FP4, FP6 and FP8");
        assertThatThrownBy(() -> random.quantization(Recipe.parse("micromix;shares=70:20:10")))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("granularity");
    }

    /** The same values each time, and none that a checkpoint could not have. */
    @Test
    void weightsAreMadeWhenTheyAreRead() {
        RandomModel random = tiny("llama").make();
        WeightReader weights = random.folder().checkpoint().weights();
        float[] gate = weights.f32("model.layers.1.mlp.gate_proj.weight", 96, 64);
        assertThat(gate).isEqualTo(weights.f32("model.layers.1.mlp.gate_proj.weight", 96, 64));
        assertThat(gate).isNotEqualTo(weights.f32("model.layers.1.mlp.up_proj.weight", 96, 64));
        assertThat(weights.f32("model.norm.weight", 64)).containsOnly(1);
        assertThat(random.folder().size().bytes())
                .isEqualTo(weights.store().names().stream()
                        .mapToLong(name -> weights.store().info(name).bytes())
                        .sum());
    }

    @Test
    void shapesHaveNames() {
        assertThat(ModelShape.names()).contains("llama-3.1-8b", "llama-2-7b", "qwen2.5-7b");
        assertThat(ModelShape.named("llama-2-7b").orElseThrow().maxPositions()).isEqualTo(4096);
        assertThat(ModelShape.named("llama")).isEmpty();
        assertThatThrownBy(() -> tiny("llama").withLayers(3)).hasMessageContaining("give 1 to 2");
        assertThatThrownBy(() -> tiny("llama").withLayers(0)).hasMessageContaining("the number of layers is 0");
    }
}
