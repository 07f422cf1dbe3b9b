package org.mxforge.runtime.check;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.format.Float16;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.runtime.base.MxForgeException;

/** Brings the arrays of a case to a device; all give addresses. */
record Operands(Memory memory) {
    /** Numbers that {@code type} holds exactly. */
    long numbers(String name, ScalarType type, float... values) {
        return memory.upload(name, bytes(type, values));
    }

    static byte[] bytes(ScalarType type, float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(type.bytes() * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            switch (type) {
                case FP32 -> bytes.putFloat(value);
                case BF16 -> bytes.putShort(Bfloat16.fromFloat(value));
                case FP16 -> bytes.putShort(Float16.fromFloat(value));
            }
        }
        return bytes.array();
    }

    long bf16(String name, float... values) {
        return numbers(name, ScalarType.BF16, values);
    }

    long floats(String name, float... values) {
        return numbers(name, ScalarType.FP32, values);
    }

    long doubles(String name, double... values) {
        ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asDoubleBuffer().put(values);
        return memory.upload(name, bytes.array());
    }

    long ints(String name, int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(values);
        return memory.upload(name, bytes.array());
    }

    long bytes(String name, byte... content) {
        return memory.upload(name, content);
    }

    /** An array of zeros, of which the kernel may leave a part as it is, and writes each other byte once. */
    long zeros(String name, long bytes) {
        return memory.uploadResult(name, new byte[count(name, bytes)]);
    }

    /** Integers that the kernel writes more than once; until it does, they are what no result is. */
    long rewritten(String name, int count) {
        int[] nobodys = new int[count];
        Arrays.fill(nobodys, Integer.MIN_VALUE);
        return ints(name, nobodys);
    }

    /** An array that the kernel must write as a whole, each byte once. */
    long room(String name, ScalarType type, long count) {
        return room(name, type.bytes() * count);
    }

    long room(String name, long bytes) {
        return memory.allocate(name, count(name, bytes));
    }

    private static int count(String name, long bytes) {
        if (bytes > Integer.MAX_VALUE - 16) {
            throw new MxForgeException("The sizes make array '" + name + "' too large: choose smaller ones.");
        }
        return (int) bytes;
    }
}
