package org.mxforge.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.quant.Recipe;

class AgreementTest {
    private static final int VOCABULARY = 512;
    private static final int WINDOW = 40;

    @TempDir
    Path folder;

    private final int[] ids = new Random(3).ints(2 * WINDOW + 5, 0, VOCABULARY).toArray();
    private final ScoringOptions options = new ScoringOptions(WINDOW, 9);

    @Test
    void divergenceIsThatOfTheLogits() {
        try (ServedModel served = ServedModel.open(folder);
                Model quantized = served.engine().load(served.model().folder(), Recipe.parse("mxfp4"))) {
            double divergence = 0;
            int same = 0;
            for (int window = 0; window < 2; window++) {
                int[] read = Arrays.copyOfRange(ids, window * WINDOW, (window + 1) * WINDOW - 1);
                float[] wanted = served.model().logits(read);
                float[] found = quantized.logits(read);
                for (int row = 0; row < read.length; row++) {
                    double[] p = probabilities(wanted, row);
                    double[] q = probabilities(found, row);
                    for (int i = 0; i < VOCABULARY; i++) {
                        divergence += p[i] * Math.log(p[i] / q[i]);
                    }
                    same += best(p) == best(q) ? 1 : 0;
                }
            }
            Agreement agreement = quantized.agreement(ids, options, served.model());
            int tokens = 2 * (WINDOW - 1);
            assertThat(agreement.kl())
                    .isCloseTo(divergence / tokens, within(1e-6))
                    .isPositive();
            assertThat(agreement.klError()).isPositive();
            assertThat(agreement.sameTop()).isEqualTo((double) same / tokens);
            assertThat(agreement.score().meanNll())
                    .isCloseTo(quantized.score(ids, options).meanNll(), within(1e-5));
            assertThat(agreement.reference().meanNll())
                    .isCloseTo(served.model().score(ids, options).meanNll(), within(1e-5));
            assertThat(agreement.score().tokens()).isEqualTo(tokens);
        }
    }

    private static double[] probabilities(float[] logits, int row) {
        double[] p = new double[VOCABULARY];
        Arrays.setAll(p, i -> Math.exp(logits[row * VOCABULARY + i]));
        double sum = Arrays.stream(p).sum();
        Arrays.setAll(p, i -> p[i] / sum);
        return p;
    }

    private static int best(double... p) {
        int best = 0;
        for (int i = 0; i < p.length; i++) {
            best = p[i] > p[best] ? i : best;
        }
        return best;
    }

    @Test
    void modelAgreesWithItself() {
        try (ServedModel served = ServedModel.open(folder)) {
            Agreement agreement = served.model().agreement(ids, options, served.model());
            assertThat(agreement.kl()).isZero();
            assertThat(agreement.sameTop()).isEqualTo(1);
            assertThat(agreement.score().meanNll())
                    .isEqualTo(agreement.reference().meanNll());
        }
    }

    @Test
    void referenceMustHaveTheSameTokens() {
        try (ServedModel served = ServedModel.open(folder);
                Model other = served.engine().load(BundledModel.open())) {
            assertThatThrownBy(() -> served.model().agreement(ids, options, other))
                    .isInstanceOf(MxForgeException.class)
                    .hasMessageContaining("compare models of one tokenizer");
        }
    }
}
