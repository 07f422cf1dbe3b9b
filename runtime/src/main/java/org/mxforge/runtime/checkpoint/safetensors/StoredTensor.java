package org.mxforge.runtime.checkpoint.safetensors;

import java.nio.ByteBuffer;
import java.nio.ShortBuffer;
import java.nio.file.Path;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.format.Float16;
import org.mxforge.runtime.base.MxForgeException;

/** A tensor in a mapped file; its values are copied out piece by piece. */
record StoredTensor(TensorInfo info, Path file, MappedFile data) {
    private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

    /** Puts the next element of {@code piece} into place {@code index} of a result. */
    @FunctionalInterface
    private interface ElementSink {
        void take(ByteBuffer piece, int index);
    }

    short[] bf16() {
        requireFloat();
        short[] values = new short[length()];
        if (info.type() == TensorType.BF16) {
            ShortBuffer whole = ShortBuffer.wrap(values);
            data.read(info.begin(), info.end(), piece -> whole.put(piece.asShortBuffer()));
        } else {
            forEach((piece, i) -> values[i] = Bfloat16.fromFloat(nextFloat(piece)));
        }
        return values;
    }

    float[] f32() {
        requireFloat();
        float[] values = new float[length()];
        forEach((piece, i) -> values[i] = nextFloat(piece));
        return values;
    }

    byte[] bytes() {
        byte[] values = new byte[arrayLength(info.bytes())];
        ByteBuffer whole = ByteBuffer.wrap(values);
        data.read(info.begin(), info.end(), whole::put);
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

    private float nextFloat(ByteBuffer piece) {
        return switch (info.type()) {
            case BF16 -> Bfloat16.toFloat(piece.getShort());
            case F16 -> Float16.toFloat(piece.getShort());
            case F32 -> piece.getFloat();
            default -> (float) piece.getDouble();
        };
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

    private void requireFloat() {
        switch (info.type()) {
            case BF16, F16, F32, F64 -> {}
            default -> throw wrongType("BF16, F16, F32 or F64");
        }
    }

    private MxForgeException wrongType(String wanted) {
        return new MxForgeException(what() + " is of type " + info.type() + ", not " + wanted);
    }

    private String what() {
        return "tensor '" + info.name() + "' in " + file;
    }
}
