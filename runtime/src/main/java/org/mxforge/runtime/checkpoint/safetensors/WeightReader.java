package org.mxforge.runtime.checkpoint.safetensors;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScalarArray;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.runtime.base.ByteSource;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.quant.PlainWeight;
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

    /** These weights changed by {@code next}. */
    public WeightReader with(TensorTransform next) {
        return next == TensorTransform.NONE ? this : new WeightReader(store, transform.then(next));
    }

    /** Whether {@code name} becomes another tensor than is stored. */
    public boolean changes(String name) {
        return transform.changes(name)
                || transform.copies().containsKey(name)
                || transform.vectors().containsKey(name);
    }

    /** Whether there is a tensor {@code name}. */
    public boolean has(String name) {
        return transform.vectors().containsKey(name) || store.has(stored(name));
    }

    /** The tensor that {@code name} begins as. */
    public TensorInfo info(String name) {
        Integer length = transform.vectors().get(name);
        return length == null
                ? store.info(stored(name)).named(name)
                : new TensorInfo(name, TensorType.BF16.name(), List.of((long) length), 0, (long) length * Short.BYTES);
    }

    /** The tensors that the store does not have under this name. */
    public Set<String> added() {
        Set<String> added = new LinkedHashSet<>(transform.copies().keySet());
        added.addAll(transform.vectors().keySet());
        return added;
    }

    private String stored(String name) {
        return transform.copies().getOrDefault(name, name);
    }

    public TensorStore store() {
        return store;
    }

    /** A weight in the type that it is stored in. */
    public ScalarArray values(String name, long... shape) {
        if (transform.vectors().containsKey(name)) {
            return ScalarArray.rounded(ScalarType.BF16, f32(name, shape));
        }
        store.require(stored(name), shape);
        ScalarArray values = store.values(stored(name));
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
        Integer length = transform.vectors().get(name);
        if (length != null) {
            float[] made = new float[length];
            transform.apply(name, made);
            return made;
        }
        store.require(stored(name), shape);
        float[] values = store.f32(stored(name));
        refuseNonFinite(name, ScalarArray.fp32(values));
        if (transform.changes(name)) {
            transform.apply(name, values);
        }
        return values;
    }

    /** What a file is to hold for a tensor of any type and size: as it is stored, or changed and rounded to its type again. */
    public SafetensorsWriter.Payload payload(String name) {
        long[] shape = info(name).shape().stream().mapToLong(Long::longValue).toArray();
        return changes(name)
                ? out -> SafetensorsWriter.Payload.of(values(name, shape)).writeTo(out)
                : out -> store.copy(name, out);
    }

    /** A weight of {@code outputs} by {@code channels} that is read, and looked through, when it is wanted. */
    public PlainWeight plain(String name, int outputs, int channels) {
        store.require(stored(name), outputs, channels);
        if (changes(name)) {
            return PlainWeight.of(values(name, outputs, channels), outputs, channels);
        }
        ScalarType type = store.scalarType(name);
        ByteSource bytes = Screen.of(type).over(store.bytes(name), () -> damaged(name, store.values(name)));
        return new PlainWeight(type, outputs, channels, bytes);
    }

    /** E8M0 scales, all of which are of numbers that are finite in FP32; read when they are wanted. */
    public ByteSource scales(String name, long... shape) {
        store.require(name, shape);
        ByteSource bytes = store.bytes(name);
        return Screen.SCALES.over(
                bytes,
                () -> damaged(
                        name,
                        count(bytes, code -> code >= FIRST_BAD_SCALE) + " scales among its " + bytes.length()
                                + " that are NaN or 2^127"));
    }

    /** Packed codes of {@code format}, all of which are numbers; read when they are wanted. */
    public ByteSource codes(String name, ElementFormat format, long... shape) {
        store.require(name, shape);
        ByteSource bytes = store.bytes(name);
        if (format.bits() < Byte.SIZE) {
            return bytes;
        }
        return Screen.of(format)
                .over(
                        bytes,
                        () -> damaged(
                                name,
                                count(bytes, code -> (code & 0x7f) > format.maxCode())
                                        + " NaN or infinite codes among its " + bytes.length()));
    }

    private static long count(ByteSource bytes, IntPredicate isBad) {
        byte[] all = bytes.all();
        return IntStream.range(0, all.length)
                .filter(i -> isBad.test(Byte.toUnsignedInt(all[i])))
                .count();
    }

    private void refuseNonFinite(String name, ScalarArray values) {
        int length = values.length();
        boolean bad = length <= BLOCK
                ? values.nonFinite(0, length) > 0
                : IntStream.rangeClosed(0, (length - 1) / BLOCK)
                        .parallel()
                        .anyMatch(block ->
                                values.nonFinite(block * BLOCK, (int) Math.min(length, (block + 1L) * BLOCK)) > 0);
        if (bad) {
            throw damaged(name, values);
        }
    }

    private MxForgeException damaged(String name, ScalarArray values) {
        int length = values.length();
        long nan = IntStream.range(0, length)
                .filter(i -> Float.isNaN(values.get(i)))
                .count();
        long infinite = IntStream.range(0, length)
                .filter(i -> Float.isInfinite(values.get(i)))
                .count();
        return damaged(name, nan + " NaN and " + infinite + " infinite values among its " + length);
    }

    private MxForgeException damaged(String name, String what) {
        return new MxForgeException(
                "tensor '" + name + "' in " + store.source() + " holds " + what + ": the checkpoint is damaged");
    }
}
