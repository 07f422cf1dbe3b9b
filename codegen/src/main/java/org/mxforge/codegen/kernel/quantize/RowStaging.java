package org.mxforge.codegen.kernel.quantize;

import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.spec.Prologue;
import org.mxforge.dsl.target.Target;

/**
 * How a quantizer keeps a row in shared memory, from where it gathers: random access to memory would cost a whole sector for
 * each value. Channels past {@code channels} are read from memory all the same.
 *
 * @param type BF16 where the input's own bits are kept; FP32 for what a prologue computes, which must not be rounded
 * @param channels most channels that shared memory holds, a multiple of a group
 */
public record RowStaging(ScalarType type, int channels) {
    /** Left for the block's reductions. */
    private static final int RESERVED_BYTES = 1024;

    /** The staging of {@code spec} on {@code target}. */
    public static RowStaging of(MxQuantizeSpec spec, Target target) {
        ScalarType type = spec.prologue() == Prologue.NONE ? spec.source() : ScalarType.FP32;
        int room = (target.sharedMemoryPerBlock() - RESERVED_BYTES) / type.bytes();
        return new RowStaging(type, room / spec.groups().size() * spec.groups().size());
    }

    /** The most shared memory that a row takes. */
    public int bytes() {
        return channels * type.bytes();
    }
}
