package org.mxforge.runtime.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.FormatPair;

class FormatMixTest {
    @ParameterizedTest
    @CsvSource({
        "e2m1xe2m1, e2m1xe2m1",
        "e4m3xe2m3, e4m3xe2m3",
        "mxfp4xmxfp4, e2m1xe2m1",
        "mxfp8xmxfp4, e4m3xe2m1",
        "mxfp6xmxfp6, e3m2xe3m2",
        "e5m2xmxfp6, e5m2xe3m2",
        "mxfp8xe2m3, e4m3xe2m3"
    })
    void pairsHaveOurNamesOrThoseOfMicroMix(String text, String pair) {
        FormatMix mix = FormatMix.parse(text);
        assertThat(mix.pairs()).containsExactly(FormatPair.parse(pair));
        assertThat(mix.text()).isEqualTo(text);
    }

    @Test
    void severalPairsShareTheChannels() {
        FormatMix mix = FormatMix.parse("e2m1xe2m1:70+mxfp6xmxfp6:20+e4m3xe4m3:10");
        assertThat(mix.split(4096)).isEqualTo(ChannelSplit.parse("e2m1xe2m1:2816+e3m2xe3m2:896+e4m3xe4m3:384/32"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"e2m1", "e2m1xe2m1xe2m1", "mxfp5xmxfp4", "x", "e2m1xe2m1:50+e4m3xe4m3", "e2m1xe2m1:50", "a:100"})
    void whatIsNoMixIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> FormatMix.parse(text));
    }

    @Test
    void weightShapesAreReadOrNamed() {
        assertThat(WeightShape.parse("4096x14336")).isEqualTo(new WeightShape(4096, 14336));
        for (String text : List.of("4096", "4096X14336", "0x32", "-1x32", "999999999x32", "1x2x3")) {
            assertThatIllegalArgumentException().as(text).isThrownBy(() -> WeightShape.parse(text));
        }
    }

    @Test
    void aSweepRefusesShapesThatNoKernelTakes() {
        List<FormatMix> mixes = List.of(FormatMix.parse("e2m1xe2m1"));
        List<WeightShape> weights = List.of(new WeightShape(64, 64));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GemmSweep(mixes, List.of(), List.of(1, 0), weights, List.of(Pace.BURST)))
                .withMessageContaining("number of tokens is 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GemmSweep(
                        mixes, List.of(), List.of(1), List.of(new WeightShape(64, 65)), List.of(Pace.BURST)))
                .withMessageContaining("65 channels");
    }
}
