package org.mxforge.runtime.simulate;

import java.util.Map;
import java.util.Map.Entry;

/** What the machine's own registers say; they hold while a warp runs. Blocks have one dimension. */
final class SpecialRegisters {
    @FunctionalInterface
    private interface Value {
        long of(Warp warp, int lane);
    }

    private static final Value ZERO = (warp, lane) -> 0;
    private static final Value ONE = (warp, lane) -> 1;

    private static final Map<String, Value> VALUES = Map.ofEntries(
            Map.entry("%tid.x", (Value) (warp, lane) -> warp.index * Lanes.COUNT + lane),
            Map.entry("%tid.y", ZERO),
            Map.entry("%tid.z", ZERO),
            Map.entry("%ntid.x", (Value) (warp, lane) -> warp.block.launch.shape.threads()),
            Map.entry("%ntid.y", ONE),
            Map.entry("%ntid.z", ONE),
            Map.entry("%ctaid.x", (Value) (warp, lane) -> warp.block.index % warp.block.launch.shape.gridX()),
            Map.entry(
                    "%ctaid.y",
                    (Value) (warp, lane) ->
                            warp.block.index / warp.block.launch.shape.gridX() % warp.block.launch.shape.gridY()),
            Map.entry(
                    "%ctaid.z",
                    (Value) (warp, lane) ->
                            warp.block.index / warp.block.launch.shape.gridX() / warp.block.launch.shape.gridY()),
            Map.entry("%nctaid.x", (Value) (warp, lane) -> warp.block.launch.shape.gridX()),
            Map.entry("%nctaid.y", (Value) (warp, lane) -> warp.block.launch.shape.gridY()),
            Map.entry("%nctaid.z", (Value) (warp, lane) -> warp.block.launch.shape.gridZ()),
            Map.entry("%cluster_ctarank", (Value) (warp, lane) -> warp.block.rank()),
            Map.entry("%cluster_nctarank", (Value) (warp, lane) -> warp.block.launch.program.kernel.clusterBlocks()),
            Map.entry("%laneid", (Value) (warp, lane) -> lane),
            Map.entry("%warpid", (Value) (warp, lane) -> warp.index),
            Map.entry("%lanemask_lt", (Value) (warp, lane) -> (1L << lane) - 1),
            Map.entry("%lanemask_le", (Value) (warp, lane) -> (2L << lane) - 1),
            Map.entry("%dynamic_smem_size", (Value) (warp, lane) -> warp.block.launch.shape.sharedBytes()));

    private SpecialRegisters() {}

    static boolean knows(String name) {
        return VALUES.containsKey(name);
    }

    /** Puts the values into the registers of a warp that begins. */
    static void fill(Warp warp, Map<String, Integer> slots) {
        for (Entry<String, Integer> slot : slots.entrySet()) {
            Value value = VALUES.get(slot.getKey());
            for (int lane = 0; lane < Lanes.COUNT; lane++) {
                warp.registers[slot.getValue() * Lanes.COUNT + lane] = value.of(warp, lane);
            }
        }
    }
}
