package org.mxforge.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.runtime.checkpoint.safetensors.TensorStore;
import org.mxforge.runtime.model.Fixtures;

/** The logits of transformers, by the command that people compare with. */
class LogitsCommandTest {
    @TempDir
    Path folder;

    /** The fixtures were cast as a whole, rotary frequencies included; without the option the logits are another model's. */
    @ParameterizedTest
    @ValueSource(strings = {"fx-llama", "fx-qwen2", "fx-mixtral"})
    void aModelCastAsAWholeNeedsItsFrequenciesRounded(String name) {
        Path expected = Fixtures.folder(name).resolve("expected.safetensors");
        float[] theirs = TensorStore.open(expected).f32("logits_f32");
        assertThat(largestDifference(logits(name, expected, "--bf16-rope"), theirs))
                .isLessThan(2e-3);
        assertThat(largestDifference(logits(name, expected), theirs)).isBetween(2e-3, 5e-2);
    }

    private float[] logits(String name, Path ids, String... options) {
        Path out = folder.resolve("logits" + options.length + ".safetensors");
        List<Object> arguments = new ArrayList<>(List.of("logits", "--model", Fixtures.folder(name), "--ids", ids));
        arguments.addAll(List.of("--out", out, "--device", "cpu", "--tune", "off"));
        arguments.addAll(List.of(options));
        CommandRun run = CommandRun.of(arguments.toArray());
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        return TensorStore.open(out).f32("logits");
    }

    private static double largestDifference(float[] a, float[] b) {
        assertThat(a).hasSameSizeAs(b);
        double largest = 0;
        for (int i = 0; i < a.length; i++) {
            double difference = Math.abs(a[i] - b[i]);
            // A NaN is no small difference.
            largest = difference <= largest ? largest : Double.isNaN(difference) ? Double.MAX_VALUE : difference;
        }
        return largest;
    }
}
