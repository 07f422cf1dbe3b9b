package org.mxforge.dsl.format;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.mxforge.dsl.text.Spelling;

/**
 * How a key/value cache keeps numbers. A vector, the keys or the values of one head at one position, is quantized by itself when it is put
 * into the cache and not again. What attention multiplies is BF16 in each format: codes are brought back to their values, which are
 * rounded to BF16.
 *
 * <p>Before it is quantized, and after its rotation, a key is multiplied by a {@link Hadamard} matrix, and so is every query, so that scores stay
 * what they are. It spreads the few large channels of keys over all of them, as QuaRot has shown (arXiv 2404.00456): what rounding them
 * would cost is several times as much. The matrix is that of the largest power of two that divides the head, block by block; keys
 * get its elements 1 and -1, queries these over its size, which rounds nothing.
 *
 * <p>A token takes {@code 2 * kvHeads * bytes(head)} bytes in each layer. With 8 key/value heads of 128 channels, as Llama 3.1 8B has
 * them, that is 4096 bytes in BF16, 2112 in the formats of 8 bits and 1088 in those of 4.
 */
public enum CacheFormat {
    /** Not quantized; the CPU keeps FP32, as it does everywhere. */
    BF16(16, 0, null),

    /** E4M3 in groups of 32 channels with E8M0 scales by {@link ScaleRule#CEIL}. */
    MXFP8(8, 1, ElementFormat.E4M3),

    /** E2M1 likewise. */
    MXFP4(4, 1, ElementFormat.E2M1),

    /** Asymmetric integers of 0 to 255 by {@link AffineCodec}, a vector being one group with a step and a least value in BF16. */
    INT8(8, 0, null),

    /** The same of 0 to 15: MicroMix's cache (arXiv 2508.02343, and the serving code beside it), which has FP16 for step and least. */
    INT4(4, 0, null);

    /** Channels of a group. */
    public static final int GROUP = 32;

    /** Step and least value. */
    private static final int AFFINE_BYTES = 4;

    private final int bits;
    private final int groupScaleBytes;
    private final ElementFormat element;

    CacheFormat(int bits, int groupScaleBytes, ElementFormat element) {
        this.bits = bits;
        this.groupScaleBytes = groupScaleBytes;
        this.element = element;
    }

    /** Width of a code. */
    public int bits() {
        return bits;
    }

    /** What codes are, in the formats of OCP MX. */
    public Optional<ElementFormat> element() {
        return Optional.ofNullable(element);
    }

    /** Whether codes are integers between the least and the largest value of a vector. */
    public boolean isAffine() {
        return this == INT8 || this == INT4;
    }

    /** Bytes of the codes of a vector of {@code head} channels. */
    public int codeBytes(int head) {
        return head * bits / Byte.SIZE;
    }

    /** Bytes of its scales. */
    public int scaleBytes(int head) {
        return isAffine() ? AFFINE_BYTES : head / GROUP * groupScaleBytes;
    }

    /** Bytes of a vector. */
    public int bytes(int head) {
        return codeBytes(head) + scaleBytes(head);
    }

    /** The largest code. */
    public int lastCode() {
        return (1 << bits) - 1;
    }

    /** Why heads of {@code head} channels cannot be kept so, as a sentence's end; empty if they can. */
    public Optional<String> refusal(int head) {
        return this == BF16 || head % GROUP == 0
                ? Optional.empty()
                : Optional.of("a key/value cache in " + text() + " is for heads of a multiple of " + GROUP
                        + " channels, not of " + head);
    }

    /**
     * Replaces a key, after its rotation, by what attention multiplies; {@link #BF16} leaves it as it is.
     *
     * @param values with {@code head} channels from {@code at} on
     */
    public void roundKey(float[] values, int at, int head) {
        if (this != BF16) {
            Hadamard.turn(values, at, head, Integer.lowestOneBit(head));
            roundValue(values, at, head);
        }
    }

    /** The same for a value. */
    public void roundValue(float[] values, int at, int head) {
        if (isAffine()) {
            roundAffine(values, at, at + head);
        } else if (element != null) {
            for (int first = at; first < at + head; first += GROUP) {
                roundGroup(values, first, first + GROUP);
            }
        }
    }

    /** Brings a query, after its rotation, to where keys are; {@link #BF16} leaves it as it is. */
    public void turnQuery(float[] values, int at, int head) {
        if (this != BF16) {
            int size = Integer.lowestOneBit(head);
            Hadamard.turn(values, at, head, size);
            for (int i = at; i < at + head; i++) {
                values[i] /= size;
            }
        }
    }

    private void roundGroup(float[] values, int begin, int end) {
        int scale = ScaleRule.CEIL.scale(largestMagnitude(values, begin, end), element);
        for (int i = begin; i < end; i++) {
            int code = element.encode(values[i] * ScaleCodec.reciprocal(scale));
            values[i] = rounded(element.decode(code) * ScaleCodec.decode(scale));
        }
    }

    private void roundAffine(float[] values, int begin, int end) {
        float smallest = values[begin];
        float largest = values[begin];
        for (int i = begin + 1; i < end; i++) {
            smallest = Math.min(smallest, values[i]);
            largest = Math.max(largest, values[i]);
        }
        float least = AffineCodec.least(smallest);
        float step = AffineCodec.step(least, largest, largestMagnitude(values, begin, end), lastCode());
        for (int i = begin; i < end; i++) {
            values[i] =
                    rounded(AffineCodec.decode(AffineCodec.encode(values[i], least, step, lastCode()), least, step));
        }
    }

    /** As integers, magnitudes compare as they do as numbers, and NaN comes out above infinity. */
    private static float largestMagnitude(float[] values, int begin, int end) {
        int largest = 0;
        for (int i = begin; i < end; i++) {
            largest = Math.max(largest, Float.floatToRawIntBits(values[i]) & 0x7fffffff);
        }
        return Float.intBitsToFloat(largest);
    }

    private static float rounded(float value) {
        return Bfloat16.toFloat(Bfloat16.fromFloat(value));
    }

    /** The token that spec texts and the command line use, such as {@code mxfp8}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads {@link #text()}.
     *
     * @throws IllegalArgumentException naming the text and the formats there are
     */
    public static CacheFormat parse(String text) {
        return Stream.of(values())
                .filter(format -> format.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown cache format '" + text + "'"
                        + Spelling.hint(
                                text, Stream.of(values()).map(CacheFormat::text).toList())
                        + ": use bf16, mxfp8, mxfp4, int8 or int4"));
    }
}
