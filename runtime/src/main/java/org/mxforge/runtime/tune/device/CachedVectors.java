package org.mxforge.runtime.tune.device;

import java.util.Arrays;
import java.util.Random;
import org.mxforge.dsl.format.AffineCodec;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.format.CacheFormat;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScaleCodec;
import org.mxforge.dsl.layout.CachePages;

/**
 * Random keys or values as a cache keeps them, of one head at one position each: nothing is quantized, codes and scales are drawn and read.
 *
 * @param format how they are kept
 * @param head channels
 */
record CachedVectors(CacheFormat format, int head) {
    /** What no sequence has written: NaN in BF16, and as a scale. */
    private static final byte UNWRITTEN = -1;

    /** Values of a few units, whatever the element format: its largest is brought to 4. */
    private static final double LARGEST = 4;

    /** Of E8M0. */
    private static final int BIAS = 127;

    private int bytes() {
        return format.bytes(head);
    }

    /** Pages of so many heads, that nothing is written in. */
    byte[] pages(int heads) {
        byte[] pages = new byte[Math.multiplyExact(heads * CachePages.POSITIONS, bytes())];
        Arrays.fill(pages, UNWRITTEN);
        return pages;
    }

    /** One vector. */
    byte[] draw(Random random) {
        byte[] vector = new byte[bytes()];
        if (format == CacheFormat.BF16) {
            for (int i = 0; i < head; i++) {
                put(vector, 2 * i, Bfloat16.fromFloat((float) random.nextGaussian()));
            }
            return vector;
        }
        random.nextBytes(vector);
        int codes = format.codeBytes(head);
        if (format.isAffine()) {
            put(vector, codes, Bfloat16.fromFloat((float) (LARGEST / (format.lastCode() + 1))));
            put(vector, codes + 2, Bfloat16.fromFloat((float) (-LARGEST / 2 + random.nextInt(8) / 8.0)));
            return vector;
        }
        ElementFormat element = format.element().orElseThrow();
        for (int i = 0; i < codes && format.bits() == Byte.SIZE; i++) {
            // Codes above the largest are no numbers.
            vector[i] = (vector[i] & 0x7f) > element.maxCode() ? 0 : vector[i];
        }
        for (int i = codes; i < vector.length; i++) {
            int exponent = Math.getExponent(LARGEST / element.maxFinite()) - random.nextInt(3);
            vector[i] = (byte) (exponent + BIAS);
        }
        return vector;
    }

    private static void put(byte[] to, int at, short bits) {
        to[at] = (byte) bits;
        to[at + 1] = (byte) (bits >>> Byte.SIZE);
    }

    private static float bf16(byte[] from, int at) {
        return Bfloat16.toFloat((short) (from[at] & 0xff | from[at + 1] << Byte.SIZE));
    }

    /** What attention multiplies, into {@code to} from {@code at} on. */
    void read(byte[] vector, float[] to, int at) {
        for (int i = 0; i < head; i++) {
            to[at + i] = format == CacheFormat.BF16 ? bf16(vector, 2 * i) : value(vector, i);
        }
    }

    private float value(byte[] vector, int channel) {
        // As CachePages has them: neighbours of four bits are 16 bits apart.
        int bit = format.bits() == Byte.SIZE
                ? Byte.SIZE * channel
                : channel / 8 * Integer.SIZE + channel % 2 * Short.SIZE + channel % 8 / 2 * 4;
        int code = (vector[bit / Byte.SIZE] & 0xff) >>> bit % Byte.SIZE & format.lastCode();
        int scales = format.codeBytes(head);
        float exact = format.isAffine()
                ? AffineCodec.decode(code, bf16(vector, scales + 2), bf16(vector, scales))
                : format.element().orElseThrow().decode(code)
                        * ScaleCodec.decode(vector[scales + channel / CacheFormat.GROUP] & 0xff);
        return Bfloat16.toFloat(Bfloat16.fromFloat(exact));
    }

    /** Puts a vector into row {@code row} of the head of a page that has {@code before} of them before it. */
    void store(byte[] vector, byte[] pages, int before, int row) {
        if (format == CacheFormat.BF16) {
            for (int i = 0; i < head; i++) {
                int place = Math.toIntExact(2 * CachePages.offset(1, head, before, 0, row, i));
                System.arraycopy(vector, 2 * i, pages, place, 2);
            }
            return;
        }
        int first = before * CachePages.POSITIONS * bytes();
        int codes = format.codeBytes(head);
        int scales = format.scaleBytes(head);
        System.arraycopy(vector, 0, pages, first + row * codes, codes);
        System.arraycopy(vector, codes, pages, first + CachePages.POSITIONS * codes + row * scales, scales);
    }
}
