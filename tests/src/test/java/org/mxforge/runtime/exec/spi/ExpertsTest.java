package org.mxforge.runtime.exec.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.runtime.convert.QuantizationPlan;
import org.mxforge.runtime.exec.cpu.CpuBackend;
import org.mxforge.runtime.exec.spi.Experts.Weights.Part;
import org.mxforge.runtime.kernel.VariantChooser;
import org.mxforge.runtime.model.Checkpoint;
import org.mxforge.runtime.model.Fixtures;
import org.mxforge.runtime.model.family.DecoderLayer.FeedForwardBlock;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.QuantizedWeight;
import org.mxforge.runtime.quant.Recipe;

/** A layer's experts on the CPU: what they do, expert by expert, bit for bit. */
class ExpertsTest {
    private static final SampleExperts SAMPLE = new SampleExperts(
            ChannelSplit.parse("e2m1xe2m1:32+e4m3xe4m3:96/32"),
            ChannelSplit.parse("e2m1xe2m1:64+e3m2xe3m2:32+e4m3xe4m3:64/32"),
            true);

    private Backend backend;

    @BeforeEach
    void open() {
        backend = new CpuBackend(2, VariantChooser.DEFAULTS);
    }

    @AfterEach
    void close() {
        backend.close();
    }

    /** The experts of the first layer of a checkpoint. */
    private record Stored(FeedForwardBlock.Routed block, Checkpoint checkpoint) implements Experts.Weights {
        @Override
        public int experts() {
            return block.experts();
        }

        @Override
        public Linear.Weight read(int expert, Part part) {
            return checkpoint.weight(
                    switch (part) {
                        case GATE -> block.gate(expert);
                        case UP -> block.up(expert);
                        case DOWN -> block.down(expert);
                    });
        }
    }

    @ParameterizedTest
    @CsvSource({"bf16, 1", "bf16, 70", "mxfp8, 1", "mxfp8, 70", "e4m3xe2m1, 33"})
    void expertsOfACheckpoint(String recipe, int rows) {
        Checkpoint mixtral = Fixtures.checkpoint("fx-mixtral");
        Checkpoint prepared = recipe.equals("bf16")
                ? mixtral
                : new QuantizationPlan(Recipe.parse(recipe), mixtral, Optional.empty()).inMemory();
        FeedForwardBlock.Routed block = (FeedForwardBlock.Routed)
                mixtral.config().decoderLayers().get(0).feedForward();
        assertOneByOne(new Stored(block, prepared), block.perToken(), rows);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void expertsWithOrdersOfTheirOwn(boolean ofOneInput) {
        assertOneByOne(new SampleExperts(SAMPLE.outer(), SAMPLE.inner(), ofOneInput), SampleExperts.PER_TOKEN, 70);
    }

    private void assertOneByOne(Experts.Weights weights, int perToken, int rows) {
        SampleExperts tokens = SAMPLE;
        Matrix x = tokens.tokens(backend, rows);
        Matrix scores = SampleExperts.scores(backend, rows, weights.experts());
        Matrix residual = tokens.tokens(backend, rows);
        Matrix expected = tokens.tokens(backend, rows);
        backend.experts(weights, perToken).accumulate(new LinearInput.Step.None(), x, scores, residual);
        OneByOne.accumulate(backend, weights, perToken, x, scores, expected);
        assertThat(backend.download(residual)).isEqualTo(backend.download(expected));
        assertThat(backend.download(residual)).isNotEqualTo(backend.download(x)).doesNotContain(Float.NaN);
    }

    @Test
    void observersSeeEveryExpertThatHasTokens() {
        List<Integer> seen = new ArrayList<>();
        int[] rows = {0};
        SeparateExperts experts = new SeparateExperts(backend, SAMPLE, SampleExperts.PER_TOKEN, (expert, input) -> {
            seen.add(expert);
            rows[0] += input.rows();
            assertThat(input.channels()).isEqualTo(SAMPLE.inner().channels());
        });
        SAMPLE.run(backend, experts, 64);
        assertThat(seen).containsExactly(0, 1, 2, 4, 5, 6, 7);
        assertThat(rows[0]).isEqualTo(64 * SampleExperts.PER_TOKEN);
    }

    /** What lets experts differ in the order of the channels between their layers and yet share a quantizer. */
    @Test
    void rowsOfGateAndUpTakeOverTheOrderOfDown() {
        Experts.Weights moved = new Experts.Weights() {
            @Override
            public int experts() {
                return SAMPLE.experts();
            }

            @Override
            public Linear.Weight read(int expert, Part part) {
                QuantizedWeight weight = quantized(expert, part);
                InputQuantization down = quantized(expert, Part.DOWN).input();
                if (part != Part.DOWN) {
                    return new Linear.Weight.Quantized(
                            new QuantizedWeight(weight.matrix().withRows(down.order()), weight.input()));
                }
                return new Linear.Weight.Quantized(
                        new QuantizedWeight(weight.matrix(), InputQuantization.inOrder(down.split(), down.rule())));
            }
        };
        assertThat(quantized(0, Part.DOWN).input())
                .isNotEqualTo(quantized(1, Part.DOWN).input());
        float[] expected = SAMPLE.run(backend, backend.experts(SAMPLE, SampleExperts.PER_TOKEN), 40);
        float[] result = SAMPLE.run(backend, backend.experts(moved, SampleExperts.PER_TOKEN), 40);
        assertThat(result).isEqualTo(expected);
        assertThat(result).isNotEqualTo(new float[expected.length]).doesNotContain(Float.NaN);
    }

    private static QuantizedWeight quantized(int expert, Part part) {
        return ((Linear.Weight.Quantized) SAMPLE.read(expert, part)).weight();
    }
}
