package org.mxforge.runtime.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.dsl.format.ScalarArray;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.runtime.base.MxForgeException;

/** The channels of a weight shared by devices: codes and scales are those of the whole, and every channel is somewhere once. */
class SharedWeightTest {
    private static final int OUTPUTS = 5;

    private static QuantizedWeight whole(String split) {
        ChannelSplit channels = ChannelSplit.parse(split);
        int[] order = IntStream.range(0, channels.channels())
                .map(i -> (i * 37 + 11) % channels.channels())
                .toArray();
        InputQuantization input = new InputQuantization(channels, order, ScaleRule.CEIL);
        float[] values = new float[OUTPUTS * channels.channels()];
        Random random = new Random(3);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() * Math.exp(random.nextGaussian()));
        }
        PlainWeight plain = PlainWeight.of(ScalarArray.fp32(values), OUTPUTS, channels.channels());
        return new QuantizedWeight(OUTPUTS, input, new QuantizedWeight.Source.Rounded(plain));
    }

    private static List<QuantizedWeight> sources(String split) {
        QuantizedWeight rounded = whole(split);
        return List.of(
                rounded,
                new QuantizedWeight(rounded.matrix(), rounded.input()),
                new QuantizedWeight(OUTPUTS, rounded.input(), new QuantizedWeight.Source.Made(rounded::matrix)));
    }

    /** Odd numbers of tiles, partitions of fewer tiles than devices, and several granularities. */
    @ParameterizedTest
    @CsvSource({
        "e2m1xe2m1:512/32, 2",
        "e2m1xe2m1:512/32, 4",
        "e2m1xe2m1:320+e3m2xe3m2:32+e4m3xe4m3:32/32, 2",
        "e2m1xe2m1:96+e3m2xe2m1:96+e4m3xe4m3:64/32, 4",
        "e2m1xe2m1:384+e4m3xe4m3:640/128, 2"
    })
    void partsAreColumnsOfTheWhole(String split, int count) {
        for (QuantizedWeight whole : sources(split)) {
            int channels = whole.input().split().channels();
            boolean[] seen = new boolean[channels];
            for (int index = 0; index < count; index++) {
                QuantizedWeight part = whole.share(index, count);
                assertThat(part.input().split().channels()).isEqualTo(channels / count);
                Arrays.stream(whole.channelsOf(index, count)).forEach(channel -> {
                    assertThat(seen[channel]).isFalse();
                    seen[channel] = true;
                });
                assertSameCodes(part.matrix(), whole, index, count);
            }
        }
    }

    private static void assertSameCodes(PackedMatrix part, QuantizedWeight whole, int index, int count) {
        PackedMatrix all = whole.matrix();
        int tile = whole.input().split().granularity();
        int at = 0;
        List<ChannelShare.Piece> pieces =
                ChannelShare.of(whole.input().split(), index, count).pieces();
        for (int i = 0; i < pieces.size(); i++) {
            if (pieces.get(i).channels() > 0) {
                PackedPartition from = all.partitions().get(i);
                PackedPartition own = part.partitions().get(at++);
                assertThat(own.format()).isEqualTo(from.format());
                assertColumns(own.codes(), from.codes(), from.channels() / tile, pieces.get(i), tile);
                assertColumns(own.scales(), from.scales(), from.channels() / tile, pieces.get(i), tile);
            }
        }
        assertThat(part.partitions()).hasSize(at);
    }

    private static void assertColumns(byte[] own, byte[] all, int tiles, ChannelShare.Piece piece, int tile) {
        int row = all.length / OUTPUTS;
        int from = row / tiles * (piece.from() / tile);
        int width = row / tiles * (piece.channels() / tile);
        for (int i = 0; i < OUTPUTS; i++) {
            assertThat(Arrays.copyOfRange(own, i * width, (i + 1) * width))
                    .isEqualTo(Arrays.copyOfRange(all, i * row + from, i * row + from + width));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"e2m1xe2m1:96/32", "e2m1xe2m1:128+e4m3xe4m3:256/128"})
    void channelsThatCannotBeSharedAreRefused(String split) {
        assertThatThrownBy(() -> whole(split).channelsOf(0, 2))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("cannot be shared by 2 GPUs");
    }

    @Test
    void plainChannelsAreTaken() {
        float[] values = new float[3 * 64];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        PlainWeight part = PlainWeight.of(ScalarArray.fp32(values), 3, 64).withChannels(new int[] {63, 0, 5});
        assertThat(part.values().floats()).containsExactly(63, 0, 5, 127, 64, 69, 191, 128, 133);
    }
}
