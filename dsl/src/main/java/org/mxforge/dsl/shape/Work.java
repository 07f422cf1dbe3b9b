package org.mxforge.dsl.shape;

import java.util.stream.Stream;

/** What a spec and a shape come to, whatever kernel does it: bytes that must be moved, and products. */
public interface Work {
    /** Bytes that have to cross the device memory once. */
    long bytes();

    /** Those of {@link #bytes()} that are written. */
    long written();

    /** The GEMMs that it consists of, apart from each other; none for what only moves bytes. */
    Stream<GemmWork> products();

    /** Multiply-adds for the tensor cores. */
    default double macs() {
        return products().mapToDouble(GemmWork::macs).sum();
    }
}
