package org.mxforge.dsl.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** How many tiles tokens need. */
class ExpertTilesTest {
    @Example
    void tilesAreRoundedUpForEachExpert() {
        assertThat(IntStream.of(0, 1, 127, 128, 129, 300)
                        .map(ExpertTiles.MANY::of)
                        .toArray())
                .containsExactly(0, 1, 1, 1, 2, 3);
        assertThat(ExpertTiles.MANY.most(1, 2, 8)).isEqualTo(2);
        assertThat(ExpertTiles.MANY.most(129, 1, 1)).isEqualTo(2);
        assertThat(ExpertTiles.MANY.most(17, 2, 8)).isEqualTo(8);
        assertThat(ExpertTiles.MANY.most(16384, 2, 8)).isEqualTo(263);
        assertThat(ExpertTiles.FEW.most(1, 2, 8)).isEqualTo(2);
        assertThat(ExpertTiles.FEW.most(16, 2, 8)).isEqualTo(9);
    }

    @Example
    void fewTokensLieInLowTiles() {
        assertThat(ExpertTiles.forTokens(1)).isEqualTo(ExpertTiles.FEW);
        assertThat(ExpertTiles.forTokens(16)).isEqualTo(ExpertTiles.FEW);
        assertThat(ExpertTiles.forTokens(17)).isEqualTo(ExpertTiles.MANY);
        assertThatThrownBy(() -> new ExpertTiles(64)).hasMessage("tiles of experts have 128 or 16 rows, not 64");
    }

    @Example
    void moreRowsThanAnIntCountsAreRefused() {
        assertThatThrownBy(() -> ExpertTiles.MANY.most(Integer.MAX_VALUE, 2, 8))
                .isInstanceOf(ArithmeticException.class);
    }

    @Property(tries = 300)
    void noSpreadOfTokensNeedsMore(
            @ForAll @IntRange(min = 1, max = 600) int rows,
            @ForAll @IntRange(min = 1, max = 40) int experts,
            @ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int perToken = random.nextInt(1, experts + 1);
        int[] counts = new int[experts];
        for (int i = 0; i < rows; i++) {
            // A run of experts from a random one on, around the end.
            int first = random.nextInt(experts);
            for (int j = 0; j < perToken; j++) {
                counts[(first + j) % experts]++;
            }
        }
        for (ExpertTiles tile : List.of(ExpertTiles.MANY, ExpertTiles.FEW)) {
            assertThat(IntStream.of(counts).map(tile::of).sum())
                    .isLessThanOrEqualTo(tile.most(rows, perToken, experts));
        }
    }
}
