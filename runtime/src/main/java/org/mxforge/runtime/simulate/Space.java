package org.mxforge.runtime.simulate;

/** Where an access goes. */
enum Space {
    GLOBAL,
    SHARED,
    /** What the address itself says. */
    GENERIC;

    /** The space that {@code decoding} names. */
    static Space of(Decoding decoding) {
        String name = decoding.takeOne("global", "const", "shared", "shared::cta");
        return name == null ? GENERIC : name.startsWith("shared") ? SHARED : GLOBAL;
    }

    /** The area that {@code address} belongs to; null if there is none. */
    Area area(Warp warp, long address) {
        boolean shared = this == SHARED || this == GENERIC && (address & DeviceMemory.SHARED_WINDOW) != 0;
        return shared ? warp.block.shared : warp.block.launch.memory.find(address);
    }

    /** Where in its area {@code address} lies. */
    long offset(Area area, long address) {
        return (this == GENERIC ? address & ~DeviceMemory.SHARED_WINDOW : address) - area.base;
    }
}
