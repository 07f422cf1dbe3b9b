package org.mxforge.dsl.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.mxforge.dsl.tile.Pipeline;
import org.mxforge.dsl.tile.TileShape;
import org.mxforge.dsl.tile.WarpGrid;

/** Targets and the shapes that are cut for them. */
class TargetTest {
    @ParameterizedTest
    @EnumSource
    void theTextParsesBack(Target target) {
        assertThat(Target.parse(target.text())).isEqualTo(target);
    }

    @Test
    void anUnknownTargetIsRefusedWithThoseThereAre() {
        assertThatThrownBy(() -> Target.parse("sm_75"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("unknown target 'sm_75': use cpu, sm_80, sm_86, sm_90a, sm_100a or sm_120a");
    }

    @ParameterizedTest
    @CsvSource({
        "80, SM_80",
        "86, SM_86",
        "87, SM_86",
        "89, SM_86",
        "90, SM_90A",
        "100, SM_100A",
        "103, SM_86",
        "110, SM_86",
        "120, SM_120A",
        "121, SM_86"
    })
    void aGpuGetsItsOwnTargetOrTheOneForAll(int computeCapability, Target target) {
        assertThat(Target.forComputeCapability(computeCapability)).isEqualTo(target);
    }

    /** KiB of shared memory that a block may have on each GPU, from the CUDA Programming Guide; 1 KiB of the SM's is reserved. */
    @ParameterizedTest
    @CsvSource({
        "80, 163",
        "86, 99",
        "87, 163",
        "89, 99",
        "90, 227",
        "100, 227",
        "103, 227",
        "110, 227",
        "120, 99",
        "121, 99"
    })
    void noGpuIsAskedForMoreSharedMemoryThanItHas(int computeCapability, int kibibytes) {
        assertThat(Target.forComputeCapability(computeCapability).sharedMemoryPerBlock())
                .isPositive()
                .isLessThanOrEqualTo(kibibytes * 1024);
    }

    @Test
    void anOldGpuIsRefused() {
        assertThatThrownBy(() -> Target.forComputeCapability(75))
                .hasMessageContaining("compute capability 7.5 is too old");
    }

    @Test
    void shapesThatNoMachineHasAreRefused() {
        assertThat(new TileShape(128, 64, 32).text()).isEqualTo("128x64x32");
        assertThat(new WarpGrid(2, 4).threads()).isEqualTo(256);
        assertThatThrownBy(() -> new TileShape(128, 0, 32)).hasMessageContaining("128x0x32 has an empty side");
        assertThatThrownBy(() -> new WarpGrid(8, 8)).hasMessageContaining("8x8 is not 1 to 32 warps");
        assertThatThrownBy(() -> new WarpGrid(65536, 65536)).hasMessageContaining("is not 1 to 32 warps");
        assertThatThrownBy(() -> new Pipeline(1)).hasMessageContaining("2 to 8 stages, not 1");
    }
}
