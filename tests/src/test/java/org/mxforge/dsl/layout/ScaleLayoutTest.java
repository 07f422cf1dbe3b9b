package org.mxforge.dsl.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Where a scale byte lies: hand-made offsets, and no two scales in one place. */
class ScaleLayoutTest {
    @Example
    void rowsHaveGroupsFastest() {
        assertThat(ScaleLayout.ROWS.offset(0, 0, 5)).isZero();
        assertThat(ScaleLayout.ROWS.offset(2, 3, 5)).isEqualTo(13);
        assertThat(ScaleLayout.ROWS.bytes(7, 5)).isEqualTo(35);
    }

    /** A tile is 32 lines of 16 bytes: line row % 32, in it four rows 32 apart, each with its four groups. */
    @Example
    void aTileInterleavesRowsThirtyTwoApart() {
        ScaleLayout tiled = ScaleLayout.TILE128X4;
        assertThat(tiled.offset(0, 3, 4)).isEqualTo(3);
        assertThat(tiled.offset(32, 0, 4)).isEqualTo(4);
        assertThat(tiled.offset(64, 0, 4)).isEqualTo(8);
        assertThat(tiled.offset(96, 1, 4)).isEqualTo(13);
        assertThat(tiled.offset(1, 0, 4)).isEqualTo(16);
        assertThat(tiled.offset(127, 3, 4)).isEqualTo(511);
    }

    @Example
    void tilesGoAlongGroupsFirst() {
        ScaleLayout tiled = ScaleLayout.TILE128X4;
        assertThat(tiled.offset(0, 4, 9)).isEqualTo(512);
        assertThat(tiled.offset(0, 8, 9)).isEqualTo(1024);
        assertThat(tiled.offset(128, 0, 9)).isEqualTo(3 * 512);
        assertThat(tiled.bytes(1, 1)).isEqualTo(512);
        assertThat(tiled.bytes(129, 9)).isEqualTo(6 * 512);
        assertThat(tiled.bytes(0, 9)).isZero();
    }

    @Property(tries = 200)
    void everyScaleHasAPlaceOfItsOwnInsideTheBuffer(
            @ForAll ScaleLayout layout,
            @ForAll @IntRange(min = 1, max = 300) int rows,
            @ForAll @IntRange(min = 1, max = 40) int groups) {
        BitSet taken = new BitSet();
        for (int row = 0; row < rows; row++) {
            for (int group = 0; group < groups; group++) {
                int offset = Math.toIntExact(layout.offset(row, group, groups));
                // Folded, all groups of a row share its factor.
                assertThat(taken.get(offset)).isEqualTo(layout.isFolded() && group > 0);
                taken.set(offset, offset + (layout.isFolded() ? Float.BYTES : 1));
            }
        }
        assertThat((long) taken.length()).isLessThanOrEqualTo(layout.bytes(rows, groups));
    }

    @Example
    void offsetsReachBeyondTwoGigabytes() {
        assertThat(ScaleLayout.ROWS.offset(1L << 24, 7, 1024)).isEqualTo((1L << 34) + 7);
        assertThat(ScaleLayout.TILE128X4.offset(1L << 24, 7, 1024)).isEqualTo((1L << 34) + 512 + 3);
    }

    @Example
    void textsParseBackAndOthersAreRefused() {
        for (ScaleLayout layout : ScaleLayout.values()) {
            GroupLayout groups = GroupLayout.mx(layout);
            assertThat(GroupLayout.parse(groups.text())).isEqualTo(groups);
        }
        assertThat(GroupLayout.TILED.text()).isEqualTo("g32.tile128x4");
        assertThat(GroupLayout.STREAMED.asRelaxed().text()).isEqualTo("g32.streamed.relaxed");
        assertThat(GroupLayout.parse("g32.folded.relaxed")).isEqualTo(GroupLayout.FOLDED.asRelaxed());
        assertThatThrownBy(() -> GroupLayout.parse("g32.rows.relaxed")).hasMessageContaining("rows cannot be relaxed");
        assertThatThrownBy(() -> GroupLayout.mx(null)).hasMessageContaining("needs a scale format and a scale layout");
        assertThatThrownBy(() -> GroupLayout.parse("32.rows")).hasMessageContaining("bad group layout '32.rows'");
        assertThatThrownBy(() -> GroupLayout.parse("g32.columns"))
                .hasMessageContaining("unknown scale layout 'columns'");
    }

    @Example
    void groupsOfOtherSizesAreForLayoutsThatDoNotFold() {
        GroupLayout fine = GroupLayout.parse("g16.tile128x4");
        assertThat(fine.size()).isEqualTo(16);
        assertThat(fine.isMx()).isFalse();
        assertThat(fine.text()).isEqualTo("g16.tile128x4");
        assertThat(GroupLayout.parse("g64.rows").channelMultiple()).isEqualTo(64);
        assertThatThrownBy(() -> GroupLayout.parse("g16.folded"))
                .hasMessageContaining("folded is for groups of 32 with e8m0 scales")
                .hasMessageContaining("use tile128x4 or rows");
        assertThatThrownBy(() -> GroupLayout.parse("g48.rows"))
                .hasMessageContaining("no groups of 48: use 32, as OCP MX v1.0 has them, 16 or 64");
    }

    @Example
    void scalesAreE8m0UnlessTheTextSaysOtherwise() {
        assertThat(GroupLayout.parse("g32.e8m0.rows")).isEqualTo(GroupLayout.ROWS);
        assertThat(GroupLayout.ROWS.text()).isEqualTo("g32.rows");
        assertThatThrownBy(() -> GroupLayout.parse("g32.e5m3.rows"))
                .hasMessageContaining("unknown scale format 'e5m3': use e8m0");
    }
}
