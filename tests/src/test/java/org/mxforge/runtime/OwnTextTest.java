package org.mxforge.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.mxforge.runtime.base.options.TuneMode;

class OwnTextTest {
    @Test
    void aModelWritesTheSameTextForTheSameSeed() {
        EngineOptions options = EngineOptions.defaults()
                .withDevice(DeviceKind.CPU)
                .withThreads(2)
                .withTuning(TuneMode.OFF);
        try (Engine engine = Engine.open(options);
                Model model = engine.load(BundledModel.open())) {
            List<int[]> texts = OwnText.windows(model, 3, 40, 5);
            assertThat(texts).isNotEmpty().allSatisfy(ids -> assertThat(ids).hasSizeBetween(32, 40));
            assertThat(texts.get(0)).isNotEqualTo(texts.get(texts.size() - 1));
            assertThat(OwnText.windows(model, 3, 40, 5)).containsExactlyElementsOf(texts);
        }
    }
}
