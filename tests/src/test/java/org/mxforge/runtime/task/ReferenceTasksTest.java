package org.mxforge.runtime.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.runtime.BundledModel;
import org.mxforge.runtime.DeviceKind;
import org.mxforge.runtime.Engine;
import org.mxforge.runtime.EngineOptions;
import org.mxforge.runtime.Model;
import org.mxforge.runtime.ModelFolder;
import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.base.options.TuneMode;
import org.mxforge.runtime.model.SharedFolder;

/**
 * The bundled model on the first items of the published tasks, against {@code tests/src/peers/task_peers.py}, which shares nothing with it:
 * {@code demo.json} is what that printed, in float64.
 */
class ReferenceTasksTest {
    private static final double TOLERANCE = 1e-3;

    private static JsonNode reference() {
        try (InputStream in = ReferenceTasksTest.class.getResourceAsStream("demo.json")) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"piqa", "arc_challenge", "arc_easy", "boolq", "winogrande", "hellaswag", "lambada_openai", "mmlu"
            })
    void likelihoodsAndScoresAreThoseOfTheHarness(String name) {
        Task task = Task.named(List.of(name), Task.choices()).get(0);
        Path file = SharedFolder.require(
                "data/" + task.file(), "task " + name + " is not compared with an independent program");
        JsonNode expected = reference().get(name);
        int limit = name.equals("mmlu") ? 1 : expected.get("ids").size();
        EvaluationOptions options =
                EvaluationOptions.on(file.getParent().getParent()).withLimit(limit);
        ModelFolder folder = BundledModel.open();
        try (Evaluation evaluation = Evaluation.prepare(folder, List.of(task), options);
                Engine engine = Engine.open(
                        EngineOptions.defaults().withDevice(DeviceKind.CPU).withTuning(TuneMode.OFF));
                Model model = engine.load(folder)) {
            JsonNode samples = evaluation
                    .run(model, Progress.SILENT, any -> {})
                    .document()
                    .get("samples")
                    .get(name);
            assertThat(samples.get("ids")).hasSize(expected.get("ids").size());
            for (int i = 0; i < expected.get("ids").size(); i++) {
                assertThat(samples.get("ids").get(i).asInt())
                        .isEqualTo(expected.get("ids").get(i).asInt());
                JsonNode wanted = expected.get("log_likelihoods").get(i);
                JsonNode found = samples.get("log_likelihoods").get(i);
                assertThat(found).hasSize(wanted.size());
                for (int j = 0; j < wanted.size(); j++) {
                    assertThat(found.get(j).asDouble())
                            .as("item %d, choice %d", i, j)
                            .isCloseTo(wanted.get(j).asDouble(), within(TOLERANCE));
                }
                for (Metric metric : task.metrics()) {
                    if (expected.has(metric.text())) {
                        assertThat(samples.get(metric.key()).get(i).asInt())
                                .as("%s of item %d", metric.text(), i)
                                .isEqualTo(expected.get(metric.text()).get(i).asInt());
                    }
                }
            }
        }
    }
}
