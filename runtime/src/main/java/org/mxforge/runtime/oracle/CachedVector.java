package org.mxforge.runtime.oracle;

import java.util.stream.IntStream;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.format.CacheFormat;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.layout.CachePages;

/**
 * What a quantized cache keeps of one vector, by the definitions of its formats in FP64: the nearest of all codes, scales by logarithms.
 *
 * @param codes packed
 * @param scales bytes behind the codes
 * @param values what they stand for
 */
public record CachedVector(byte[] codes, byte[] scales, float[] values) {
    /** Of E8M0. */
    private static final int BIAS = 127;

    public static CachedVector of(CacheFormat format, float... vector) {
        int head = vector.length;
        CachedVector kept =
                new CachedVector(new byte[format.codeBytes(head)], new byte[format.scaleBytes(head)], new float[head]);
        if (format.isAffine()) {
            kept.affine(format.bits(), vector);
        } else {
            for (int group = 0; group < head / CacheFormat.GROUP; group++) {
                kept.group(format.element().orElseThrow(), vector, group);
            }
        }
        return kept;
    }

    /** What lies in the pages of a cache, which has {@code number / POSITIONS} heads of pages before. */
    public static float[] read(CacheFormat format, byte[] pages, int number, int head) {
        CachedVector kept =
                new CachedVector(new byte[format.codeBytes(head)], new byte[format.scaleBytes(head)], new float[head]);
        int row = number % CachePages.POSITIONS;
        int first = number / CachePages.POSITIONS * CachePages.POSITIONS * format.bytes(head);
        int behind = first + CachePages.POSITIONS * kept.codes.length;
        System.arraycopy(pages, first + row * kept.codes.length, kept.codes, 0, kept.codes.length);
        System.arraycopy(pages, behind + row * kept.scales.length, kept.scales, 0, kept.scales.length);
        for (int i = 0; i < head; i++) {
            int code = kept.code(format, i);
            kept.values[i] = bf16(format.isAffine() ? kept.affineValue(code) : kept.groupValue(format, i, code));
        }
        return kept.values;
    }

    /** The code of a channel. */
    public int code(CacheFormat format, int channel) {
        int bit = bit(format.bits(), channel);
        return (codes[bit / 8] & 0xff) >>> bit % 8 & format.lastCode();
    }

    private float affineValue(int code) {
        short step = (short) (scales[0] & 0xff | scales[1] << 8);
        short least = (short) (scales[2] & 0xff | scales[3] << 8);
        return (float) (Bfloat16.toFloat(least) + (double) Bfloat16.toFloat(step) * code);
    }

    private float groupValue(CacheFormat format, int channel, int code) {
        double element = format.element().orElseThrow().decode(code);
        return (float) Math.scalb(element, (scales[channel / CacheFormat.GROUP] & 0xff) - BIAS);
    }

    /** Puts it into the pages of a cache that has {@code number / POSITIONS} heads of pages before its own. */
    public void store(byte[] pages, int number) {
        int row = number % CachePages.POSITIONS;
        int head = number / CachePages.POSITIONS * CachePages.POSITIONS * (codes.length + scales.length);
        System.arraycopy(codes, 0, pages, head + row * codes.length, codes.length);
        int behind = head + CachePages.POSITIONS * codes.length;
        System.arraycopy(scales, 0, pages, behind + row * scales.length, scales.length);
    }

    private void group(ElementFormat element, float[] vector, int group) {
        int first = group * CacheFormat.GROUP;
        double largest = IntStream.range(first, first + CacheFormat.GROUP)
                .mapToDouble(i -> Math.abs((double) vector[i]))
                .max()
                .orElseThrow();
        int exponent = -1;
        if (largest > 0) {
            exponent = Math.getExponent(largest / element.maxFinite());
            exponent += largest > Math.scalb((double) element.maxFinite(), exponent) ? 1 : 0;
        }
        scales[group] = (byte) (exponent + BIAS);
        for (int i = first; i < first + CacheFormat.GROUP; i++) {
            double scaled = Math.scalb((double) vector[i], -exponent);
            int code = nearest(element, scaled);
            put(element.bits(), i, code);
            values[i] = bf16((float) Math.scalb((double) element.decode(code), exponent));
        }
    }

    /** Ties to even codes; the sign of a zero is kept. */
    private static int nearest(ElementFormat element, double value) {
        int sign = value < 0 || 1 / value < 0 ? element.codes() / 2 : 0;
        int best = 0;
        for (int code = 1; code <= element.maxCode(); code++) {
            double nearer =
                    Math.abs(Math.abs(value) - element.decode(best)) - Math.abs(Math.abs(value) - element.decode(code));
            if (nearer > 0 || nearer == 0 && code % 2 == 0) {
                best = code;
            }
        }
        return sign + best;
    }

    private void affine(int bits, float[] vector) {
        double smallest = IntStream.range(0, vector.length)
                .mapToDouble(i -> vector[i])
                .min()
                .orElseThrow();
        double largest = IntStream.range(0, vector.length)
                .mapToDouble(i -> vector[i])
                .max()
                .orElseThrow();
        float least = bf16((float) smallest);
        least = least > smallest ? Bfloat16.toFloat((short) (Bfloat16.fromFloat(least) + (least > 0 ? -1 : 1))) : least;
        double exact = (largest - least) / ((1 << bits) - 1);
        float step = bf16((float) exact);
        step = step < exact ? Bfloat16.toFloat((short) (Bfloat16.fromFloat(step) + 1)) : step;
        step = step == 0 ? 1 : step;
        short[] range = {Bfloat16.fromFloat(step), Bfloat16.fromFloat(least)};
        for (int i = 0; i < scales.length; i++) {
            scales[i] = (byte) (range[i / 2] >>> 8 * (i % 2));
        }
        for (int i = 0; i < vector.length; i++) {
            int code = (int) Math.rint((vector[i] - (double) least) / step);
            put(bits, i, code);
            values[i] = bf16((float) (least + (double) step * code));
        }
    }

    private void put(int bits, int channel, int code) {
        int bit = bit(bits, channel);
        codes[bit / 8] |= (byte) (code << bit % 8);
    }

    /** Where a code begins: in words of eight codes of 4 bits, those of neighbouring channels are 16 bits apart. */
    private static int bit(int bits, int channel) {
        return bits == 8 ? 8 * channel : channel / 8 * 32 + channel % 2 * 16 + channel % 8 / 2 * 4;
    }

    private static float bf16(float value) {
        return Bfloat16.toFloat(Bfloat16.fromFloat(value));
    }
}
