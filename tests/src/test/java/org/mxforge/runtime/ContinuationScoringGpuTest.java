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
    /** Of the bundled model. */
    private static final int VOCABULARY = 4096;

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

    /**
     * By how much a continuation's log-likelihood may move. Where the logits of a token move by a part e of how far they lie apart, its
     * log-likelihood moves by e (-log p + H), H being the entropy of what may follow, which is at most log V. A rounding to BF16 makes
     * e at most its unit, 2^-9. There are 37 on the way to the head (six in each of six layers and the last norm's), but of parts of
     * the FP32 residual stream, and with either sign: e was 0.35 units in the mean of squares over these continuations and 1.3 at
     * most when NumPy made all of them. Three times as much leaves room for sums in another order.
     */
    private static double allowed(int tokens, double logLikelihood) {
        return 4 * 0x1p-9 * (Math.abs(logLikelihood) + tokens * Math.log(VOCABULARY));
    }

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
                        .isCloseTo(expected, within(allowed(tokens, expected)));
            }
        }
    }
}
