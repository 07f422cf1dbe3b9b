package org.mxforge.runtime.check;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.format.Float16;
import org.mxforge.dsl.format.ScalarType;

/** What an array must hold after a launch: for each element a value, and how far it may be off. */
final class Wanted implements Verdict.Judge {
    /** How elements are written. */
    enum Kind {
        BF16(2, 0x1.fep127),
        FP16(2, 65504),
        FP32(4, Float.MAX_VALUE),
        FP64(8, Double.MAX_VALUE),
        INT32(4, 0),
        SIGNED(1, 0),
        BYTE(1, 0);

        private final int bytes;
        private final double largest;

        Kind(int bytes, double largest) {
            this.bytes = bytes;
            this.largest = largest;
        }

        static Kind of(ScalarType type) {
            return valueOf(type.name());
        }

        private double read(ByteBuffer from, int at) {
            return switch (this) {
                case BF16 -> Bfloat16.toFloat(from.getShort(at));
                case FP16 -> Float16.toFloat(from.getShort(at));
                case FP32 -> from.getFloat(at);
                case FP64 -> from.getDouble(at);
                case INT32 -> from.getInt(at);
                case SIGNED -> from.get(at);
                case BYTE -> from.get(at) & 0xff;
            };
        }
    }

    final String name;
    private final long address;
    private final Kind kind;
    private final double[] values;
    private final int columns;
    private double[] allowed = {};
    private IntUnaryOperator place = i -> i;
    private byte[] content = {};
    private Function<byte[], double[]> reader = this::elements;

    private Wanted(String name, long address, Kind kind, int columns, double[] values) {
        this.name = name;
        this.address = address;
        this.kind = kind;
        this.columns = columns;
        this.values = values;
    }

    /** Numbers in rows of {@code columns}, to the bit until {@link #within} says otherwise. */
    static Wanted of(String name, long address, ScalarType type, int columns, double... values) {
        return new Wanted(name, address, Kind.of(type), columns, values);
    }

    static Wanted of(String name, long address, ScalarType type, int columns, float... values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return of(name, address, type, columns, wide);
    }

    static Wanted ofDoubles(String name, long address, int columns, double... values) {
        return new Wanted(name, address, Kind.FP64, columns, values);
    }

    static Wanted ofInts(String name, long address, int columns, int... values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return new Wanted(name, address, Kind.INT32, columns, wide);
    }

    static Wanted ofBytes(String name, long address, int columns, byte... values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i] & 0xff;
        }
        return new Wanted(name, address, Kind.BYTE, columns, wide);
    }

    /** Signed bytes. */
    static Wanted ofSigned(String name, long address, int columns, double... values) {
        return new Wanted(name, address, Kind.SIGNED, columns, values);
    }

    /** The same where element i may be off by {@code allowed[i]}. */
    Wanted within(double... most) {
        allowed = most;
        return this;
    }

    /** The same where element i of the values is element {@code where(i)} of the array. */
    Wanted at(IntUnaryOperator where) {
        place = where;
        return this;
    }

    /** The same where {@code own} finds all elements in the bytes of the array. */
    Wanted reading(Function<byte[], double[]> own) {
        reader = own;
        return this;
    }

    /** The same in memory of the host. */
    Wanted in(byte[] host) {
        content = host;
        return this;
    }

    @Override
    public Verdict judge(Memory memory) {
        byte[] array = content.length > 0 ? content : memory.download(address);
        double[] got = reader.apply(array);
        double[] shares = new double[values.length];
        double worst = 0;
        double signal = 0;
        double noise = 0;
        int first = -1;
        for (int i = 0; i < values.length; i++) {
            shares[i] = share(got[i], i);
            worst = Math.max(worst, shares[i]);
            if (first < 0 && !(shares[i] <= 1)) {
                first = i;
            }
            if (Double.isFinite(got[i]) && Double.isFinite(values[i])) {
                signal += values[i] * values[i];
                noise += (got[i] - values[i]) * (got[i] - values[i]);
            }
        }
        Optional<String> fault = first < 0 ? Optional.empty() : Optional.of(fault(first, got[first]));
        return new Verdict(
                fault,
                worst,
                signal,
                noise,
                new Outcome.Errors((values.length + columns - 1) / columns, columns, shares));
    }

    private double[] elements(byte[] array) {
        ByteBuffer bytes = ByteBuffer.wrap(array).order(ByteOrder.LITTLE_ENDIAN);
        double[] elements = new double[values.length];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = kind.read(bytes, place.applyAsInt(i) * kind.bytes);
        }
        return elements;
    }

    private double share(double got, int i) {
        double wanted = values[i];
        if (Double.isNaN(wanted)) {
            return Double.isNaN(got) ? 0 : Double.POSITIVE_INFINITY;
        }
        double most = allowed.length > 0 ? allowed[i] : 0;
        if (Double.isInfinite(most)) {
            return 0;
        }
        if (most == 0 || Double.isInfinite(wanted)) {
            // Zeros of different signs differ where nothing may be off.
            boolean same = most == 0 && kind.largest > 0
                    ? Float.floatToIntBits((float) got) == Float.floatToIntBits((float) wanted)
                    : got == wanted;
            return same ? 0 : Double.POSITIVE_INFINITY;
        }
        if (Double.isInfinite(got)) {
            boolean may = Math.abs(wanted) + most > kind.largest && Math.signum(got) == Math.signum(wanted);
            return may ? 1 : Double.POSITIVE_INFINITY;
        }
        return Double.isNaN(got) ? Double.POSITIVE_INFINITY : Math.abs(got - wanted) / most;
    }

    private String fault(int i, double got) {
        String where = columns == values.length ? "element " + i : "element (" + i / columns + ", " + i % columns + ")";
        double most = allowed.length > 0 ? allowed[i] : 0;
        return String.format(
                Locale.ROOT,
                "%s of %s is %s, but must be %s%s",
                where,
                name,
                number(got),
                most > 0 ? "within " + (float) most + " of " : "exactly ",
                number(values[i]));
    }

    private String number(double value) {
        return value == Math.rint(value) && kind.largest == 0
                ? String.valueOf((long) value)
                : String.valueOf((float) value);
    }
}
