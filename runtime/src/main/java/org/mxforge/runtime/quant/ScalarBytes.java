package org.mxforge.runtime.quant;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.mxforge.dsl.format.ScalarArray;
import org.mxforge.runtime.base.ByteSource;

/** Values in host memory as the bytes of a file would be. */
record ScalarBytes(ScalarArray values) implements ByteSource {
    @Override
    public long length() {
        return (long) values.length() * values.type().bytes();
    }

    @Override
    public void read(long from, ByteBuffer into) {
        int size = values.type().bytes();
        int first = (int) (from / size);
        int count = into.remaining() / size;
        ByteBuffer little = into.slice().order(ByteOrder.LITTLE_ENDIAN);
        if (values instanceof ScalarArray.Fp32 wide) {
            little.asFloatBuffer().put(wide.values(), first, count);
        } else {
            short[] bits = values instanceof ScalarArray.Bf16 brain ? brain.bits() : ((ScalarArray.Fp16) values).bits();
            little.asShortBuffer().put(bits, first, count);
        }
        into.position(into.limit());
    }
}
