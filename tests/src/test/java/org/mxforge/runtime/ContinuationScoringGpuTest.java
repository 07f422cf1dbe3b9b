package org.mxforge.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mxforge.runtime.base.options.TuneMode;
import org.mxforge.tests.gpu.GpuTest;

/** The bundled model's scores on a GPU, which rounds activations to BF16, against the CPU's. */
@Tag("gpu")
class ContinuationScoringGpuTest {
    private static TreeMap<Integer, List<Continuation.Score>> scores(
            DeviceKind device, List<List<Continuation>> groups, int[] text) {
        EngineOptions options = EngineOptions.defaults().withDevice(device).withTuning(TuneMode.OFF);
        TreeMap<Integer, List<Continuation.Score>> scores = new TreeMap<>();
        try (Engine engine = Engine.open(options);
                Model model = engine.load(BundledModel.open())) {
            model.score(groups, scores::put);
            Agreement agreement = model.agreement(text, new ScoringOptions(256, 2), model);
            assertThat(agreement.kl()).isZero();
            assertThat(agreement.score().meanNll())
                    .isCloseTo(model.score(text, new ScoringOptions(256, 2)).meanNll(), within(5e-3));
        }
        return scores;
    }

    /** Within what activations in BF16, which has 8 bits, leave of a token's likelihood: more of one that is hardly likely. */
    @Test
    void scoresAreTheCpus() {
        GpuTest.context();
        int[] text = BundledModel.open().encode(BundledModel.evaluationText());
        List<List<Continuation>> groups = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            int at = 40 * i;
            int[] context = Arrays.copyOfRange(text, at, at + 5 + 7 * i);
            groups.add(List.of(
                    new Continuation(context, Arrays.copyOfRange(text, at + 5 + 7 * i, at + 6 + 8 * i)),
                    new Continuation(context, Arrays.copyOfRange(text, at + 9 + 7 * i, at + 12 + 7 * i))));
        }
        TreeMap<Integer, List<Continuation.Score>> gpu = scores(DeviceKind.GPU, groups, text);
        TreeMap<Integer, List<Continuation.Score>> cpu = scores(DeviceKind.CPU, groups, text);
        for (int i = 0; i < groups.size(); i++) {
            for (int j = 0; j < 2; j++) {
                int tokens = groups.get(i).get(j).tokens().length;
                double expected = cpu.get(i).get(j).logLikelihood();
                assertThat(gpu.get(i).get(j).logLikelihood())
                        .as("group %d, continuation %d", i, j)
                        .isCloseTo(expected, within(0.05 + 0.02 * tokens + 0.005 * Math.abs(expected)));
            }
        }
    }
}
