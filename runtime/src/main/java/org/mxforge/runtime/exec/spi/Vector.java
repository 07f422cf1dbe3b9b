package org.mxforge.runtime.exec.spi;

/** A constant vector on a {@link Backend}, such as a norm's weight; lives as long as its backend. */
public interface Vector {
    int length();
}
