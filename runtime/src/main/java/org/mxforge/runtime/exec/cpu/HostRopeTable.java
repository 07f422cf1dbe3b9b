package org.mxforge.runtime.exec.cpu;

import org.mxforge.runtime.exec.spi.RopeTable;

/** Cosines and sines, [positions][half]. */
record HostRopeTable(float[] cos, float[] sin, int positions, int half) implements RopeTable {
    HostRopeTable {
        long count = (long) positions * half;
        if (cos.length != count || sin.length != count) {
            throw new IllegalArgumentException("a rotation table of " + positions + "x" + half + " has " + cos.length
                    + " cosines and " + sin.length + " sines");
        }
    }
}
