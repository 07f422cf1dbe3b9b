package org.mxforge.runtime.simulate;

/** Where an access goes. */
enum Space {
    GLOBAL,
    SHARED,
    /** Of each lane its own; the addresses of all begin at 0. */
    LOCAL,
    /** What the address itself says. */
    GENERIC;

    /** Where an address in shared memory says which block's it is: 0 for the block's own, or one more than its rank. */
    private static final int CLUSTER_SHIFT = 24;

    private static final int RANK_MASK = 0xff;

    /** The space that {@code decoding} names. */
    static Space of(Decoding decoding) {
        String name = decoding.takeOne("global", "const", "local", "shared", "shared::cta", "shared::cluster");
        return name == null ? GENERIC : name.startsWith("shared") ? SHARED : name.equals("local") ? LOCAL : GLOBAL;
    }

    /** The area that {@code address} belongs to; null if there is none. */
    Area area(Warp warp, long address) {
        if (this == LOCAL) {
            return warp.local();
        }
        boolean shared = this == SHARED || this == GENERIC && (address & DeviceMemory.SHARED_WINDOW) != 0;
        if (!shared) {
            return warp.block.launch.memory.find(address);
        }
        Block block = block(warp, address);
        return block == null ? null : block.shared;
    }

    /** The block in whose shared memory {@code address} is; null if the cluster has none with that rank. */
    static Block block(Warp warp, long address) {
        int rank = (int) (address >> CLUSTER_SHIFT) & RANK_MASK;
        if (rank == 0) {
            return warp.block;
        }
        return rank <= warp.block.cluster.blocks.size() ? warp.block.cluster.blocks.get(rank - 1) : null;
    }

    /** The address of what {@code address} is in the block's own shared memory, in that of another block of the cluster. */
    static long ofBlock(long address, long rank) {
        return address & (1L << CLUSTER_SHIFT) - 1 | rank + 1 << CLUSTER_SHIFT;
    }

    /** Where in its area {@code address} lies. */
    long offset(Area area, long address) {
        boolean shared = this == SHARED || this == GENERIC && (address & DeviceMemory.SHARED_WINDOW) != 0;
        return shared ? address & (1L << CLUSTER_SHIFT) - 1 : address - area.base;
    }
}
