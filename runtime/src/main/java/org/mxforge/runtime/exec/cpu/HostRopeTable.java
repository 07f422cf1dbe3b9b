package org.mxforge.runtime.exec.cpu;

import org.mxforge.runtime.exec.spi.Backend.RopeTable;

/** Cosines and sines, [positions][half]. */
record HostRopeTable(float[] cos, float[] sin, int rows, int columns) implements RopeTable {
    HostRopeTable {
        long count = (long) rows * columns;
        if (cos.length != count || sin.length != count) {
            throw new IllegalArgumentException("a rotation table of " + rows + "x" + columns + " has " + cos.length
                    + " cosines and " + sin.length + " sines");
        }
    }
}
