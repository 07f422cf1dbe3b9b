package org.mxforge.dsl.launch;

/** How an argument of a kernel is passed. */
public enum ArgumentType {
    /** A device address, 8 bytes. */
    ADDRESS,
    /** A signed number, 4 bytes. */
    INT32,
    /** A binary32 number, 4 bytes. */
    FLOAT32
}
