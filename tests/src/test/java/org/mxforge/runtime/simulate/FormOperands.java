package org.mxforge.runtime.simulate;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

/** Operands for every thread of a {@link FormKernel}: those where formats end, each with each, and random ones. */
final class FormOperands {
    private static final int BLOCKS = 64;
    private static final int ALL_CODES = 1 << Short.SIZE;
    private static final long[] INTEGERS = {
        0,
        1,
        -1,
        2,
        3,
        7,
        8,
        15,
        16,
        31,
        32,
        33,
        63,
        64,
        65,
        127,
        128,
        255,
        256,
        0x7fff,
        0x8000,
        0xffff,
        0x7fffffffL,
        0x80000000L,
        0xffffffffL,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        0x0123456789abcdefL,
        -8,
        -32768
    };
    private static final long[] FLOATS = singles(
            0f,
            -0f,
            1f,
            -1f,
            0.5f,
            1.5f,
            -2.5f,
            3.5f,
            0.1f,
            448,
            464,
            480,
            -240,
            57344,
            61440,
            65504,
            65520,
            0x1p-9f,
            0x1p-10f,
            0x1.8p-10f,
            0x1p-24f,
            0x1p-25f,
            0x1p24f,
            0x1.000002p24f,
            0x1p31f,
            -0x1p31f,
            0x1p32f,
            126.5f,
            -126.5f,
            128,
            -150,
            Float.MIN_NORMAL,
            -Float.MIN_NORMAL,
            0x0.fffffep-126f,
            Float.MIN_VALUE,
            -Float.MIN_VALUE,
            0x1.fep127f,
            0x1.ffp127f,
            Float.MAX_VALUE,
            -Float.MAX_VALUE,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY);
    private static final long[] NANS = {0x7fc00000L, 0x7f800001L, 0xffffffffL, 0xffc12345L};
    private static final long[] DOUBLES = {
        0,
        Long.MIN_VALUE,
        0x3ff0000000000000L,
        0xbff0000000000000L,
        0x3fe0000000000000L,
        0x4008000000000001L,
        1,
        0x000fffffffffffffL,
        0x0010000000000000L,
        0x7fefffffffffffffL,
        0x7ff0000000000000L,
        0xfff0000000000000L,
        0x7ff8000000000000L,
        0x47efffffe0000000L,
        0x36a0000000000000L,
        0x3690000000000000L,
        0x47effffff0000000L
    };
    private static final long[] HALVES = {
        0, 0x8000, 0x3c00, 0xbc00, 1, 0x8001, 0x03ff, 0x0400, 0x7bff, 0xfbff, 0x7c00, 0xfc00, 0x7e00, 0x3f80, 0x7f,
        0x80, 0x7f7f, 0xff7f, 0x7f80, 0xff80, 0x7fc0, 0x7f81, 0xffff
    };

    private final List<String> types;
    private final Random random = new Random(7);
    private final int blocks;

    FormOperands(List<String> types) {
        this.types = types;
        this.blocks = isExhaustive() ? ALL_CODES / FormKernel.THREADS : BLOCKS;
    }

    private static long[] singles(float... values) {
        long[] bits = new long[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Integer.toUnsignedLong(Float.floatToRawIntBits(values[i]));
        }
        return bits;
    }

    private boolean isExhaustive() {
        return types.size() == 1
                && List.of("f16", "bf16", "e4m3x2", "e5m2x2", "u16", "s16", "b16")
                        .contains(types.get(0));
    }

    int blocks() {
        return blocks;
    }

    byte[] bytes() {
        int threads = blocks * FormKernel.THREADS;
        ByteBuffer bytes =
                ByteBuffer.allocate(threads * FormKernel.stride(types.size())).order(ByteOrder.LITTLE_ENDIAN);
        for (int thread = 0; thread < threads; thread++) {
            bytes.position(thread * FormKernel.stride(types.size()));
            for (int i = 0; i < FormKernel.OWN_WORDS; i++) {
                bytes.putLong(random.nextLong());
            }
            long rest = thread;
            for (String type : types) {
                long[] specials = specials(type);
                bytes.putLong(
                        isExhaustive()
                                ? thread
                                : types.size() > 3
                                        ? matrix(type, thread / Lanes.COUNT)
                                        : thread < threads / 2 && power(specials.length) <= threads
                                                ? specials[(int) (rest % specials.length)]
                                                : value(type, specials));
                rest /= specials.length;
            }
        }
        return bytes.array();
    }

    private double power(int specials) {
        return Math.pow(specials, types.size());
    }

    private static long[] specials(String type) {
        return switch (type) {
            case "f32" ->
                LongStream.concat(Arrays.stream(FLOATS), Arrays.stream(NANS)).toArray();
            case "f64" -> DOUBLES;
            case "f16x2", "bf16x2", "u16x2", "s16x2" -> HALVES;
            default -> INTEGERS;
        };
    }

    private long value(String type, long[] specials) {
        long special = specials[random.nextInt(specials.length)];
        if (type.endsWith("16x2")) {
            long other = specials[random.nextInt(specials.length)];
            long any = random.nextInt() & 0xffffffffL;
            return switch (random.nextInt(4)) {
                case 0 -> special | other << Short.SIZE;
                case 1 -> special | any & 0xffff0000L;
                default -> any;
            };
        }
        return switch (random.nextInt(4)) {
            case 0 -> special;
            case 1 -> near(type);
            default -> random.nextLong();
        };
    }

    /** Numbers between which sums and products are rounded. */
    private long near(String type) {
        double value = Math.scalb(random.nextInt(1 << 12) - 2048, random.nextInt(24) - 18);
        return switch (type) {
            case "f32" -> Integer.toUnsignedLong(Float.floatToRawIntBits((float) value));
            case "f64" -> Double.doubleToRawLongBits(value + Math.scalb(random.nextGaussian(), -20));
            default -> random.nextInt(80) - 8;
        };
    }

    /** An operand of a product of matrices; each warp has numbers of another kind. */
    private long matrix(String type, int warp) {
        return switch (type) {
            case "bf16x2", "f16x2" ->
                MatrixNumbers.of(type.substring(0, type.length() - 2)).next(random, warp)
                        | MatrixNumbers.of(type.substring(0, type.length() - 2)).next(random, warp) << Short.SIZE;
            case "f32" -> MatrixNumbers.sum(random, warp);
            case "f64" -> Double.doubleToRawLongBits(Math.scalb(random.nextGaussian(), random.nextInt(1 + warp % 64)));
            default -> random.nextInt() & 0xffffffffL;
        };
    }
}
