package org.mxforge.runtime.checkpoint.safetensors;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.nio.file.Path;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.format.Float16;
import org.mxforge.dsl.format.ScalarArray;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.runtime.base.ByteSource;
import org.mxforge.runtime.base.MxForgeException;

/** A tensor in a mapped file, or one that is made up; its values are copied out piece by piece. */
record StoredTensor(TensorInfo info, Path file, TensorData data) {
    private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;
    private static final int COPIED = 1 << 20;

    /** Puts the next element of {@code piece} into place {@code index} of a result. */
    @FunctionalInterface
    private interface ElementSink {
        void take(ByteBuffer piece, int index);
    }

    /** Its bytes, read as they are wanted. */
    ByteSource bytes() {
        return new ByteSource() {
            @Override
            public long length() {
                return info.bytes();
            }

            @Override
            public void read(long from, ByteBuffer into) {
                long begin = info.begin() + from;
                data.read(begin, begin + into.remaining(), into::put);
            }
        };
    }

    ScalarArray values() {
        return switch (scalarType()) {
            case BF16 -> ScalarArray.bf16(shorts());
            case FP16 -> ScalarArray.fp16(shorts());
            case FP32 -> ScalarArray.fp32(floats());
        };
    }

    float[] f32() {
        ScalarType type = scalarType();
        if (type == ScalarType.FP32) {
            return floats();
        }
        boolean brain = type == ScalarType.BF16;
        float[] values = new float[length()];
        forEach((piece, i) ->
                values[i] = brain ? Bfloat16.toFloat(piece.getShort()) : Float16.toFloat(piece.getShort()));
        return values;
    }

    /** Copies the data as it is, in pieces. */
    void writeTo(OutputStream out) throws IOException {
        byte[] buffer = new byte[COPIED];
        try {
            data.read(info.begin(), info.end(), piece -> copy(piece, buffer, out));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void copy(ByteBuffer piece, byte[] buffer, OutputStream out) {
        try {
            while (piece.hasRemaining()) {
                int count = Math.min(buffer.length, piece.remaining());
                piece.get(buffer, 0, count);
                out.write(buffer, 0, count);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private short[] shorts() {
        short[] values = new short[length()];
        ShortBuffer whole = ShortBuffer.wrap(values);
        data.read(info.begin(), info.end(), piece -> whole.put(piece.asShortBuffer()));
        return values;
    }

    private float[] floats() {
        float[] values = new float[length()];
        FloatBuffer whole = FloatBuffer.wrap(values);
        data.read(info.begin(), info.end(), piece -> whole.put(piece.asFloatBuffer()));
        return values;
    }

    int[] ints() {
        boolean wide = info.type() == TensorType.I64;
        if (!wide && info.type() != TensorType.I32) {
            throw wrongType("I32 or I64");
        }
        int[] values = new int[length()];
        forEach((piece, i) -> values[i] = wide ? narrow(piece.getLong()) : piece.getInt());
        return values;
    }

    private void forEach(ElementSink sink) {
        int[] next = {0};
        data.read(info.begin(), info.end(), piece -> {
            int i = next[0];
            while (piece.hasRemaining()) {
                sink.take(piece, i++);
            }
            next[0] = i;
        });
    }

    private int narrow(long value) {
        if (value != (int) value) {
            throw new MxForgeException(what() + " holds " + value + ", which is too large for what it stands for");
        }
        return (int) value;
    }

    private int length() {
        return arrayLength(info.elements());
    }

    private int arrayLength(long length) {
        if (length > LONGEST_ARRAY) {
            throw new MxForgeException(what() + " of shape " + info.shape() + " has more than the " + LONGEST_ARRAY
                    + " elements that one tensor may have here");
        }
        return (int) length;
    }

    void requireWeight() {
        scalarType();
    }

    /** Weights are used as they are stored; a wider type would be rounded twice on its way into a code. */
    ScalarType scalarType() {
        return switch (info.type()) {
            case BF16 -> ScalarType.BF16;
            case F16 -> ScalarType.FP16;
            case F32 -> ScalarType.FP32;
            default -> throw wrongType("BF16, F16 or F32, which weights may have: convert it to one of these");
        };
    }

    private MxForgeException wrongType(String wanted) {
        return new MxForgeException(what() + " is of type " + info.type() + ", not " + wanted);
    }

    private String what() {
        return "tensor '" + info.name() + "' in " + file;
    }
}
