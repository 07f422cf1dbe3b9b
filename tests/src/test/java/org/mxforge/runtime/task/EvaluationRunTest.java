package org.mxforge.runtime.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.runtime.BundledModel;
import org.mxforge.runtime.DeviceKind;
import org.mxforge.runtime.Engine;
import org.mxforge.runtime.EngineOptions;
import org.mxforge.runtime.Model;
import org.mxforge.runtime.ModelFolder;
import org.mxforge.runtime.base.CancelledException;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.base.options.TuneMode;

/** What is done is kept, whatever happens. */
class EvaluationRunTest {
    private static final ModelFolder FOLDER = BundledModel.open();

    @TempDir
    Path folder;

    private Engine engine;
    private Model model;
    private Path out;
    private Path unfinished;

    @BeforeEach
    void load() {
        engine = Engine.open(EngineOptions.defaults()
                .withDevice(DeviceKind.CPU)
                .withThreads(1)
                .withTuning(TuneMode.OFF));
        model = engine.load(FOLDER);
        TaskFiles.in(folder);
        out = folder.resolve("run.json");
        unfinished = folder.resolve("run.json.unfinished");
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private EvaluationOptions options() {
        return EvaluationOptions.on(folder).withOutput(out).withSettings(Map.of("recipe", "bf16"));
    }

    private EvaluationReport run() {
        try (Evaluation evaluation = Evaluation.prepare(FOLDER, Task.choices(), options())) {
            return evaluation.run(model, Progress.SILENT, task -> {});
        }
    }

    @Test
    void reportHasResultsOfTasksAndGroups() throws IOException {
        EvaluationReport report = run();
        JsonNode document = report.document();
        assertThat(document.at("/results/piqa/acc,none").isNumber()).isTrue();
        assertThat(document.at("/results/piqa/acc_norm_stderr,none").isNumber()).isTrue();
        assertThat(document.at("/results/lambada_openai/perplexity,none").asDouble())
                .isGreaterThan(1);
        // One item has no error.
        assertThat(document.at("/results/arc_challenge/acc_stderr,none").asText())
                .isEqualTo("N/A");
        assertThat(document.at("/n-samples/mmlu_other/effective").asInt()).isEqualTo(2);
        assertThat(document.at("/n-shot/mmlu_law").asInt()).isEqualTo(5);
        assertThat(document.at("/config/recipe").asText()).isEqualTo("bf16");
        assertThat(document.at("/samples/winogrande/log_likelihoods/1")).hasSize(2);
        assertThat(report.rows().stream()
                        .filter(row -> row.name().startsWith("mmlu"))
                        .map(EvaluationReport.Row::name))
                .containsExactly("mmlu", "mmlu_stem", "mmlu_other", "mmlu_college_biology", "mmlu_law");
        assertThat(Files.exists(unfinished)).isFalse();
        assertThat(EvaluationReport.read(out).document()).isEqualTo(document);
        assertThat(RunComparison.of(report, EvaluationReport.read(out)))
                .hasSize(13)
                .allMatch(compared -> compared.lost() == 0 && compared.gained() == 0 && compared.probability() == 1);
    }

    @Test
    void interruptedRunGoesOn() throws IOException {
        JsonNode whole = run().document();
        Files.delete(out);
        List<String> begun = new ArrayList<>();
        try (Evaluation evaluation = Evaluation.prepare(FOLDER, Task.choices(), options())) {
            assertThatThrownBy(() -> evaluation.run(model, Progress.SILENT, task -> {
                        begun.add(task.name());
                        if (begun.size() == 3) {
                            throw new CancelledException();
                        }
                    }))
                    .isInstanceOf(CancelledException.class);
        }
        // As if it had been killed in the middle of a line.
        String kept = Files.readString(unfinished);
        Files.writeString(unfinished, kept.substring(0, kept.length() - 7));
        try (Evaluation evaluation = Evaluation.prepare(FOLDER, Task.choices(), options())) {
            assertThat(evaluation.resumed()).isEqualTo(2);
            assertThat(evaluation
                            .run(model, Progress.SILENT, task -> {})
                            .document()
                            .get("samples")
                            .get("piqa"))
                    .isEqualTo(whole.get("samples").get("piqa"));
        }
        assertThat(Files.exists(out)).isTrue();
        assertThat(Files.exists(unfinished)).isFalse();
    }

    @Test
    void anotherRunIsNotMixedIn() {
        try (Evaluation evaluation = Evaluation.prepare(FOLDER, Task.choices(), options())) {
            assertThat(evaluation.resumed()).isZero();
            assertThatThrownBy(() -> Evaluation.prepare(FOLDER, Task.choices(), options()))
                    .isInstanceOf(MxForgeException.class)
                    .hasMessageContaining("run.json.unfinished");
        }
        EvaluationOptions other = options().withSettings(Map.of("recipe", "mxfp4"));
        assertThatThrownBy(() -> Evaluation.prepare(FOLDER, Task.choices(), other))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("another evaluation");
        TaskFiles.put(folder, "piqa/valid-labels.lst", "1\n1\n");
        assertThatThrownBy(() -> Evaluation.prepare(FOLDER, Task.choices(), options()))
                .hasMessageContaining("another evaluation");
    }

    @Test
    void reportIsNotWrittenOver() {
        run();
        assertThatThrownBy(this::run).isInstanceOf(MxForgeException.class).hasMessageContaining("exists");
    }

    @Test
    void runsAreComparedItemByItemOrNotAtAll() {
        EvaluationReport report = run();
        ObjectNode other = report.document();
        other.withObject("/samples/piqa").putArray("acc,none").add(1).add(1);
        Path changed = write(other, "changed.json");
        RunComparison compared =
                RunComparison.of(report, EvaluationReport.read(changed)).get(0);
        assertThat(compared.gained() + compared.before() * 2).isEqualTo(2);
        assertThat(compared.after()).isEqualTo(1);
        ObjectNode shorter = report.document();
        shorter.withObject("/samples/piqa").putArray("ids").add("0");
        assertThatThrownBy(() -> RunComparison.of(report, EvaluationReport.read(write(shorter, "shorter.json"))))
                .hasMessageContaining("not a list of 1 numbers");
        ObjectNode foreign = report.document();
        foreign.withObject("/config/data_sha256").put("piqa/valid.jsonl", "0");
        assertThatThrownBy(() -> RunComparison.of(report, EvaluationReport.read(write(foreign, "foreign.json"))))
                .hasMessageContaining("different files piqa/valid.jsonl");
        ObjectNode none = report.document();
        none.putObject("samples");
        assertThatThrownBy(() -> RunComparison.of(report, EvaluationReport.read(write(none, "none.json"))))
                .hasMessageContaining("no task in common");
    }

    private Path write(ObjectNode document, String name) {
        TaskFiles.put(folder, name, document.toString());
        return folder.resolve(name);
    }
}
