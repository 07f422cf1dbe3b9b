package org.mxforge.runtime.checkpoint.safetensors;

import java.util.stream.IntStream;
import org.mxforge.dsl.format.ScalarArray;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.quant.TensorTransform;

/**
 * Takes weights out of a store with their shape checked and no fault in them: a NaN or an infinity is counted and reported
 * with the tensor's name instead of spoiling every output. Nothing is rounded, but what a transform changed to its stored type again.
 */
public final class WeightReader {
    /** 2^127, with which a code of 2 is no FP32 number any more, and 0xff, the NaN: no quantizer chooses either for finite weights. */
    private static final int FIRST_BAD_SCALE = 0xfe;

    /** Values that one thread looks at before it takes more; other threads are not worth their start below. */
    private static final int BLOCK = 1 << 18;

    private final TensorStore store;
    private final TensorTransform transform;

    public WeightReader(TensorStore store) {
        this(store, TensorTransform.NONE);
    }

    private WeightReader(TensorStore store, TensorTransform transform) {
        this.store = store;
        this.transform = transform;
    }

    /** The weights of the same store changed by {@code transform}. */
    public WeightReader with(TensorTransform transform) {
        return new WeightReader(store, transform);
    }

    public TensorStore store() {
        return store;
    }

    /** A weight in the type that it is stored in. */
    public ScalarArray values(String name, long... shape) {
        store.require(name, shape);
        ScalarArray values = store.values(name);
        refuseNonFinite(name, values);
        return transform.changes(name) ? transformed(name, values) : values;
    }

    private ScalarArray transformed(String name, ScalarArray stored) {
        float[] values = stored.floats();
        transform.apply(name, values);
        return ScalarArray.rounded(stored.type(), values);
    }

    /** A weight as FP32, not rounded where it is changed. */
    public float[] f32(String name, long... shape) {
        store.require(name, shape);
        float[] values = store.f32(name);
        refuseNonFinite(name, ScalarArray.fp32(values));
        if (transform.changes(name)) {
            transform.apply(name, values);
        }
        return values;
    }

    /** What a file is to hold for a tensor of any type and size: as it is stored, or changed and rounded to its type again. */
    public SafetensorsWriter.Payload payload(String name, long... shape) {
        return transform.changes(name)
                ? out -> SafetensorsWriter.Payload.of(values(name, shape)).writeTo(out)
                : out -> store.copy(name, out);
    }

    /** E8M0 scales, all of which are of numbers that are finite in FP32. */
    public byte[] scales(String name, long... shape) {
        store.require(name, shape);
        byte[] values = store.bytes(name);
        long bad = 0;
        for (byte value : values) {
            bad += Byte.toUnsignedInt(value) >= FIRST_BAD_SCALE ? 1 : 0;
        }
        if (bad > 0) {
            throw new MxForgeException("tensor '" + name + "' in " + store.source() + " holds " + bad
                    + " scales among its " + values.length + " that are NaN or 2^127: the checkpoint is damaged");
        }
        return values;
    }

    private void refuseNonFinite(String name, ScalarArray values) {
        int length = values.length();
        int bad = length <= BLOCK
                ? values.nonFinite(0, length)
                : IntStream.rangeClosed(0, (length - 1) / BLOCK)
                        .parallel()
                        .map(block -> values.nonFinite(block * BLOCK, (int) Math.min(length, (block + 1L) * BLOCK)))
                        .sum();
        if (bad > 0) {
            long nan = IntStream.range(0, length)
                    .filter(i -> Float.isNaN(values.get(i)))
                    .count();
            throw new MxForgeException("tensor '" + name + "' in " + store.source() + " holds " + nan + " NaN and "
                    + (bad - nan) + " infinite values among its " + length + ": the checkpoint is damaged");
        }
    }
}
