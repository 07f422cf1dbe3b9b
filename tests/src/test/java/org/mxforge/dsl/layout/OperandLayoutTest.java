package org.mxforge.dsl.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScaleFormat;

/** Where a scale byte lies: hand-made offsets, and no two scales in one place. */
class OperandLayoutTest {
    @Example
    void rowsHaveGroupsFastest() {
        assertThat(OperandLayout.ROWS.scaleOffset(0, 0, 5)).isZero();
        assertThat(OperandLayout.ROWS.scaleOffset(2, 3, 5)).isEqualTo(13);
        assertThat(OperandLayout.ROWS.scaleBytes(7, 5)).isEqualTo(35);
    }

    /** A tile is 32 lines of 16 bytes: line row % 32, in it four rows 32 apart, each with its four groups. */
    @Example
    void aTileInterleavesRowsThirtyTwoApart() {
        OperandLayout tiled = OperandLayout.TILED;
        assertThat(tiled.scaleOffset(0, 3, 4)).isEqualTo(3);
        assertThat(tiled.scaleOffset(32, 0, 4)).isEqualTo(4);
        assertThat(tiled.scaleOffset(64, 0, 4)).isEqualTo(8);
        assertThat(tiled.scaleOffset(96, 1, 4)).isEqualTo(13);
        assertThat(tiled.scaleOffset(1, 0, 4)).isEqualTo(16);
        assertThat(tiled.scaleOffset(127, 3, 4)).isEqualTo(511);
    }

    @Example
    void tilesGoAlongGroupsFirst() {
        OperandLayout tiled = OperandLayout.TILED;
        assertThat(tiled.scaleOffset(0, 4, 9)).isEqualTo(512);
        assertThat(tiled.scaleOffset(0, 8, 9)).isEqualTo(1024);
        assertThat(tiled.scaleOffset(128, 0, 9)).isEqualTo(3 * 512);
        assertThat(tiled.scaleBytes(1, 1)).isEqualTo(512);
        assertThat(tiled.scaleBytes(129, 9)).isEqualTo(6 * 512);
        assertThat(tiled.scaleBytes(0, 9)).isZero();
    }

    @Provide
    Arbitrary<OperandLayout> laidOut() {
        return Arbitraries.of(OperandLayout.class).filter(layout -> layout != OperandLayout.PLAIN);
    }

    @Property(tries = 200)
    void everyScaleHasAPlaceOfItsOwnInsideTheBuffer(
            @ForAll("laidOut") OperandLayout layout,
            @ForAll @IntRange(min = 1, max = 300) int rows,
            @ForAll @IntRange(min = 1, max = 40) int groups) {
        BitSet taken = new BitSet();
        for (int row = 0; row < rows; row++) {
            for (int group = 0; group < groups; group++) {
                int offset = Math.toIntExact(layout.scaleOffset(row, group, groups));
                // Folded, all groups of a row share its factor.
                assertThat(taken.get(offset)).isEqualTo(layout.isFolded() && group > 0);
                taken.set(offset, offset + (layout.isFolded() ? Float.BYTES : 1));
            }
        }
        assertThat((long) taken.length()).isLessThanOrEqualTo(layout.scaleBytes(rows, groups));
    }

    @Example
    void offsetsReachBeyondTwoGigabytes() {
        assertThat(OperandLayout.ROWS.scaleOffset(1L << 24, 7, 1024)).isEqualTo((1L << 34) + 7);
        assertThat(OperandLayout.TILED.scaleOffset(1L << 24, 7, 1024)).isEqualTo((1L << 34) + 512 + 3);
    }

    @Example
    void textsOfGroupsParseBackAndOthersAreRefused() {
        for (int size : new int[] {16, 32, 64}) {
            GroupLayout groups = new GroupLayout(size, ScaleFormat.E8M0);
            assertThat(GroupLayout.parse(groups.text())).isEqualTo(groups);
            assertThat(groups.isMx()).isEqualTo(size == 32);
        }
        assertThat(GroupLayout.MX.text()).isEqualTo("g32");
        assertThat(GroupLayout.parse("g32.e8m0")).isEqualTo(GroupLayout.MX);
        assertThat(GroupLayout.parse("g64").channelMultiple()).isEqualTo(64);
        assertThatThrownBy(() -> new GroupLayout(32, null)).hasMessageContaining("needs a scale format");
        assertThatThrownBy(() -> GroupLayout.parse("32")).hasMessageContaining("bad group layout '32'");
        assertThatThrownBy(() -> GroupLayout.parse("g32.e5m3"))
                .hasMessageContaining("unknown scale format 'e5m3': use e8m0");
        assertThatThrownBy(() -> GroupLayout.parse("g48"))
                .hasMessageContaining("no groups of 48: use 32, as OCP MX v1.0 has them, 16 or 64");
    }

    @Example
    void weightsThatAreDecodedOnTheirWayStayPacked() {
        for (ElementFormat format : ElementFormat.values()) {
            boolean holds = format == ElementFormat.E2M1 || format == ElementFormat.E3M2;
            assertThat(OperandLayout.FRAGMENTS.keepsFragments(format)).isEqualTo(holds);
            assertThat(OperandLayout.CONTAINERS.keepsFragments(format)).isFalse();
            assertThat(OperandLayout.MIXED_FRAGMENTS.keepsFragments(format)).isEqualTo(format != ElementFormat.E2M3);
            assertThat(OperandLayout.MIXED.widens(format)).isEqualTo(format.bits() == 8);
            assertThat(OperandLayout.MIXED.elementBytes(format, 129, 160))
                    .isEqualTo(OperandLayout.CONTAINERS.elementBytes(format, 129, format.bits() == 8 ? 320 : 160));
            assertThat(OperandLayout.FRAGMENTS.elementBytes(format, 129, 160)
                            < OperandLayout.CONTAINERS.elementBytes(format, 129, 160))
                    .isEqualTo(holds);
        }
    }
}
