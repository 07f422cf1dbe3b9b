package org.mxforge.dsl.tile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mxforge.dsl.space.Configuration;

/** Tile rows are padded so that a warp's loads spread over the 32 banks of shared memory. */
class SharedTileTest {
    private static final int BANKS = 32;

    /** @param laneBytes what one load instruction of a lane reads of its eight elements */
    @ParameterizedTest
    @CsvSource({"4,64,4,1", "4,128,4,1", "6,64,4,2", "6,128,4,2", "8,64,8,1", "8,128,8,1", "16,32,16,1", "16,64,16,1"})
    void loadsMeetFewBankConflicts(int bits, int bk, int laneBytes, int worst) {
        long pitch = SharedTile.pitch(bits).evaluate(Configuration.parse("bk=" + bk));
        // The memory serves 128 bytes at a time: 32 lanes of 4 bytes, 16 of 8, 8 of 16.
        int lanes = BANKS * 4 / laneBytes;
        for (int first = 0; first < 32; first += lanes) {
            Map<Long, Set<Long>> wordsOfBank = new HashMap<>();
            for (int lane = first; lane < first + lanes; lane++) {
                // Lane t of a quad begins at element 8t, for 6 bits possibly in the middle of a word.
                long start = lane / 4 * pitch + lane % 4 * bits;
                for (int byteOffset = 0; byteOffset < laneBytes; byteOffset += 4) {
                    long word = start / 4 + byteOffset / 4;
                    wordsOfBank
                            .computeIfAbsent(word % BANKS, bank -> new HashSet<>())
                            .add(word);
                }
            }
            assertThat(wordsOfBank.values())
                    .allSatisfy(words -> assertThat(words).hasSizeLessThanOrEqualTo(worst));
        }
    }

    @ParameterizedTest
    @CsvSource({"4,16", "6,8", "8,16", "16,16"})
    void rowsBeginOnTheBoundariesThatCopiesNeed(int bits, int boundary) {
        for (int bk : bits == 16 ? new int[] {32, 64} : new int[] {64, 128}) {
            long pitch = SharedTile.pitch(bits).evaluate(Configuration.parse("bk=" + bk));
            assertThat(pitch % boundary).isZero();
            assertThat(pitch).isGreaterThanOrEqualTo((long) bk * bits / 8);
        }
    }

    @Test
    void refusesOtherWidths() {
        assertThatThrownBy(() -> SharedTile.pitch(5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("5 bits");
    }
}
