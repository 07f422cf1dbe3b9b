package org.mxforge.runtime.simulate;

import java.util.ArrayList;
import java.util.List;
import org.mxforge.runtime.simulate.ptx.PtxKernel;

/** Global memory: arrays that lie so far apart that an address out of one never falls into another. */
final class DeviceMemory {
    private static final int SHIFT = 32;

    /** What marks an address that does not name its space as one in shared memory. */
    static final long SHARED_WINDOW = 1L << 60;

    private final List<Area> areas =
            new ArrayList<>(List.of(new Area("the null page", 0, 0), new Area("", PtxKernel.VARIABLES, 0)));

    /** A new array that nobody has written. */
    Area allocate(String name, int bytes) {
        Area area = new Area(name, (long) areas.size() << SHIFT, bytes);
        areas.add(area);
        return area;
    }

    /** The array that {@code address} would belong to; null if there is none. */
    Area find(long address) {
        long index = address >>> SHIFT;
        return index < areas.size() ? areas.get((int) index) : null;
    }

    /** Puts the variables of a module in place. */
    void load(byte[] module) {
        Area area = new Area("the module's variables", PtxKernel.VARIABLES, module.length);
        System.arraycopy(module, 0, area.bytes, 0, module.length);
        area.markWritten(0, module.length);
        areas.set(1, area);
    }

    /** Forgets all arrays. */
    void clear() {
        areas.subList(2, areas.size()).clear();
    }

    void forgetAccesses() {
        areas.forEach(Area::forgetAccesses);
    }
}
