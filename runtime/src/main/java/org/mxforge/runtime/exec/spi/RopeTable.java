package org.mxforge.runtime.exec.spi;

/** Rotation angles as cosines and sines, [positions][head/2], on a {@link Backend}; lives as long as its backend. */
public interface RopeTable {
    int positions();
}
