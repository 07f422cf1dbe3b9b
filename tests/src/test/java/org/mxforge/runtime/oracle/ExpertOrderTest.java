package org.mxforge.runtime.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.mxforge.dsl.layout.ExpertTiles;

/** The padded order by hand, and what must hold of any. */
class ExpertOrderTest {
    @Example
    void tokensFollowEachOtherByExpert() {
        ExpertOrder order = ExpertOrder.of(ExpertTiles.MANY, new int[] {0, 2, 2, 3, 0, 3}, 2, 4, 4);
        assertThat(order.routes()).containsExactly(0, 2, 2, 2, 3, 2, -1, 0);
        assertThat(order.permutation()).containsExactly(0, 128, 129, 256, 1, 257);
        assertThat(Arrays.copyOf(order.tokens(), 3)).containsExactly(0, 2, -1);
        assertThat(Arrays.copyOfRange(order.tokens(), 128, 131)).containsExactly(0, 1, -1);
        assertThat(Arrays.copyOfRange(order.tokens(), 256, 259)).containsExactly(1, 2, -1);
        assertThat(Arrays.copyOfRange(order.tokens(), 384, 512)).containsOnly(-1);
    }

    @Property(tries = 200)
    void everyTokenIsInATileOfItsExpert(
            @ForAll @Size(min = 1, max = 700) int[] choices, @ForAll @IntRange(min = 1, max = 9) int experts) {
        int[] chosen =
                Arrays.stream(choices).map(c -> Math.floorMod(c, experts)).toArray();
        int tiles = ExpertTiles.MANY.most(chosen.length, 1, experts);
        ExpertOrder order = ExpertOrder.of(ExpertTiles.MANY, chosen, 1, experts, tiles);
        for (int i = 0; i < chosen.length; i++) {
            int place = order.permutation()[i];
            int tile = place / ExpertTiles.MANY.rows();
            assertThat(order.tokens()[place]).isEqualTo(i);
            assertThat(order.routes()[2 * tile]).isEqualTo(chosen[i]);
            assertThat(place % ExpertTiles.MANY.rows()).isLessThan(order.routes()[2 * tile + 1]);
        }
        assertThat(Arrays.stream(order.tokens()).filter(token -> token >= 0)).hasSize(chosen.length);
    }
}
