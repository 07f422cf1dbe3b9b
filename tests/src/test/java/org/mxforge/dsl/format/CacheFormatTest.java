package org.mxforge.dsl.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.mxforge.dsl.layout.CachePages;
import org.mxforge.runtime.oracle.CachedVector;

/** What a key/value cache keeps, against the definitions of its formats in FP64. */
class CacheFormatTest {
    private static final int HEAD = 96;

    @ParameterizedTest
    @EnumSource(names = {"MXFP8", "MXFP4", "INT8", "INT4"})
    void roundsToTheNearestOfWhatItsCodesStandFor(CacheFormat format) {
        Random random = new Random(1);
        for (int trial = 0; trial < 2000; trial++) {
            float[] vector = new float[HEAD];
            float spread = (float) Math.scalb(1.0, random.nextInt(60) - 30);
            float shift = trial % 3 == 0 ? 100 * spread : trial % 3 == 1 ? -40 * spread : 0;
            for (int i = 0; i < HEAD; i++) {
                vector[i] = shift + spread * (float) random.nextGaussian();
            }
            float[] kept = vector.clone();
            format.roundValue(kept, 0, HEAD);
            assertThat(kept)
                    .as("trial %d", trial)
                    .isEqualTo(CachedVector.of(format, vector).values());
        }
    }

    /** Every BF16 number from 2^-20 to 2^20 beside others: each is nearest to some code, and what is a code's value stays. */
    @ParameterizedTest
    @EnumSource(names = {"MXFP8", "MXFP4", "INT8", "INT4"})
    void everyNumberBesideLargerAndSmallerOnes(CacheFormat format) {
        for (int bits = 107 << 7; bits < 147 << 7; bits += 3) {
            float[] vector = new float[CacheFormat.GROUP];
            for (int i = 0; i < vector.length; i++) {
                float number = Bfloat16.toFloat((short) (bits + 5 * i));
                vector[i] = i % 3 == 0 ? -number : number;
            }
            float[] kept = vector.clone();
            format.roundValue(kept, 0, vector.length);
            assertThat(kept).isEqualTo(CachedVector.of(format, vector).values());
            if (!format.isAffine()) {
                float[] again = kept.clone();
                format.roundValue(again, 0, again.length);
                assertThat(again).isEqualTo(kept);
            }
        }
    }

    @Test
    void integersOfAHeadThatIsAllAlikeAreExactInBf16() {
        for (float value : new float[] {0f, -3.5f, 1e-30f, 7e30f}) {
            float rounded = Bfloat16.toFloat(Bfloat16.fromFloat(value));
            float[] vector = new float[64];
            Arrays.fill(vector, rounded);
            CacheFormat.INT4.roundValue(vector, 0, 64);
            assertThat(vector).containsOnly(rounded);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MXFP8", "MXFP4", "INT8", "INT4"})
    void aFaultShowsInItsWholeGroup(CacheFormat format) {
        for (float fault : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            float[] vector = new float[64];
            Arrays.fill(vector, 1f);
            vector[3] = fault;
            format.roundValue(vector, 0, 64);
            for (int i = 0; i < (format.isAffine() ? 64 : 32); i++) {
                assertThat(vector[i]).isNaN();
            }
        }
    }

    /** Keys keep their scores with queries but for what rounding to 8 bits comes to. */
    @ParameterizedTest
    @CsvSource({"32", "64", "96", "128"})
    void keysAndQueriesAreTurnedAlike(int head) {
        Random random = new Random(2);
        float[] key = new float[head];
        float[] query = new float[head];
        double score = 0;
        for (int i = 0; i < head; i++) {
            key[i] = (float) random.nextGaussian();
            query[i] = (float) random.nextGaussian();
            score += (double) key[i] * query[i];
        }
        CacheFormat.INT8.roundKey(key, 0, head);
        CacheFormat.INT8.turnQuery(query, 0, head);
        double turned = 0;
        for (int i = 0; i < head; i++) {
            turned += (double) key[i] * query[i];
        }
        assertThat(turned).isCloseTo(score, within(0.02 * Math.sqrt(head)));
    }

    @Test
    void bf16IsLeftAsItIs() {
        float[] vector = {1.23456789f, -0f};
        CacheFormat.BF16.roundKey(vector, 0, 2);
        CacheFormat.BF16.turnQuery(vector, 0, 2);
        assertThat(vector).containsExactly(1.23456789f, -0f);
    }

    @ParameterizedTest
    @CsvSource({"BF16, 4096", "MXFP8, 2112", "MXFP4, 1088", "INT8, 2112", "INT4, 1088"})
    void bytesOfATokenInALayerOfLlama8b(CacheFormat format, long bytes) {
        assertThat(2 * CachePages.bytes(format, 1, 8, 128) / CachePages.POSITIONS)
                .isEqualTo(bytes);
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        for (CacheFormat format : CacheFormat.values()) {
            assertThat(CacheFormat.parse(format.text())).isEqualTo(format);
        }
        assertThatThrownBy(() -> CacheFormat.parse("mxfp5"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "unknown cache format 'mxfp5' (did you mean mxfp8 or mxfp4?): use bf16, mxfp8, mxfp4, int8 or"
                                + " int4");
        assertThat(CacheFormat.BF16.refusal(80)).isEmpty();
        assertThat(CacheFormat.INT4.refusal(96)).isEmpty();
        assertThat(CacheFormat.INT4.refusal(80))
                .contains("a key/value cache in int4 is for heads of a multiple of 32 channels, not of 80");
    }
}
