package org.mxforge.runtime.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SharesTest {
    @Test
    void channelsAreSharedOutInMultiplesOf128() {
        Shares shares = Shares.parse("70:20:10");
        assertThat(shares.channels(4096)).containsExactly(2816, 896, 384);
        assertThat(shares.channels(14336)).containsExactly(9984, 2944, 1408);
        assertThat(Shares.parse("100").channels(96)).containsExactly(96);
    }

    @Property
    void nothingIsLostAndEachIsNearItsShare(
            @ForAll @IntRange(min = 1, max = 98) int first,
            @ForAll @IntRange(min = 1, max = 98) int second,
            @ForAll @IntRange(min = 400, max = 2000) int groups) {
        int p = Math.min(first, 98);
        int q = Math.max(1, Math.min(second, 99 - p));
        Shares shares = new Shares(List.of(p, q, 100 - p - q));
        assertThat(Shares.parse(shares.text())).isEqualTo(shares);
        int channels = 32 * groups;
        List<Integer> parts = shares.channels(channels);
        assertThat(parts.stream().mapToInt(Integer::intValue).sum()).isEqualTo(channels);
        for (int i = 0; i < parts.size(); i++) {
            assertThat((double) parts.get(i))
                    .isBetween(
                            shares.percents().get(i) * channels / 100.0 - 128,
                            shares.percents().get(i) * channels / 100.0 + 128);
            if (i < parts.size() - 1) {
                assertThat(parts.get(i) % 128).isZero();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "70", "70:20", "70:30:0", "70:20:11", "70:-20:50", "a:b", "70:20:10:", "99999"})
    void whatIsNoSplitIsNamed(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Shares.parse(text))
                .withMessageContaining(text);
    }

    @Test
    void channelsThatCannotBeSharedOutAreRefused() {
        Shares shares = Shares.parse("70:20:10");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> shares.channels(256))
                .withMessageContaining("256 channels are too few");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> shares.channels(4100))
                .withMessageContaining("multiple of 32");
    }
}
