package org.mxforge.runtime.tune.device;

import java.util.List;

/**
 * What a quantizer wrote, as it lies in GPU memory.
 *
 * @param codes packed codes or folded tiles, a buffer for each partition
 * @param scales a buffer for each partition or, folded, one of the factors that all share
 */
record QuantizedBytes(List<byte[]> codes, List<byte[]> scales) {
    /** What bytes hold that were not written. */
    public static final byte UNTOUCHED = GuardedOutput.POISON;

    public QuantizedBytes {
        codes = List.copyOf(codes);
        scales = List.copyOf(scales);
    }
}
