package org.mxforge.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.base.options.TuneMode;
import org.mxforge.runtime.base.options.Workload;

class RandomModelTest {
    private static final EngineOptions CPU =
            EngineOptions.defaults().withDevice(DeviceKind.CPU).withThreads(2).withTuning(TuneMode.OFF);

    private static ModelShape tiny(String family) {
        return new ModelShape("tiny", family, 64, 96, 2, 4, 2, 50, 40, 1e4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "qwen2", "mixtral"})
    void isAWholeModelUntilItIsClosed(String family) {
        Path folder;
        try (RandomModel random = tiny(family).withLayers(1).make(Progress.SILENT)) {
            folder = random.folder().path();
            assertThat(random.folder().layers()).isEqualTo(1);
            try (Engine engine = Engine.open(CPU);
                    Model model = engine.load(random.folder(), Quantization.by("mxfp4"))) {
                Throughput result = model.time(new Workload(3, 5, 4, 1, 2));
                assertThat(result.prefill().millis()).hasSize(2).allMatch(time -> time > 0);
                assertThat(result.step().millis()).hasSize(2).allMatch(time -> time > 0);
                assertThat(result.memory()).isEmpty();
                assertThatThrownBy(() -> model.time(new Workload(1, 37, 4, 0, 1)))
                        .isInstanceOf(MxForgeException.class)
                        .hasMessageContaining("need a context of 41, but the model takes 40");
            }
        }
        assertThat(folder).doesNotExist();
    }

    @Test
    void shapesHaveNames() {
        assertThat(ModelShape.names()).contains("llama-3.1-8b", "llama-2-7b", "qwen2.5-7b");
        assertThat(ModelShape.named("llama-2-7b").orElseThrow().maxPositions()).isEqualTo(4096);
        assertThat(ModelShape.named("llama")).isEmpty();
        assertThatThrownBy(() -> tiny("llama").withLayers(3)).hasMessageContaining("give 1 to 2");
        assertThatThrownBy(() -> tiny("llama").withLayers(0)).hasMessageContaining("the number of layers is 0");
    }

    /** Before a byte is written. */
    @Test
    void aModelThatFindsNoRoomIsRefused() {
        ModelShape huge = new ModelShape("huge", "llama", 1 << 17, 1 << 18, 1000, 64, 64, 1 << 22, 64, 1e4);
        assertThatThrownBy(() -> huge.make(Progress.SILENT))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("random weights of huge with 1000 layers take")
                .hasMessageContaining("-Djava.io.tmpdir");
    }
}
