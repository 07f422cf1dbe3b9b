package org.mxforge.codegen.kernel.quantize;

import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.layout.FoldedFormat;
import org.mxforge.dsl.spec.MxQuantizeSpec;

/**
 * One partition's format as a row of constants, the initializer of the template's struct {@code Element}, field by field.
 *
 * @param nothing largest magnitude, as FP32, that comes to zero under the least of all scales
 * @param quickScale least scale that the quick way takes
 * @param quickShift least shift that it takes
 * @param quickExponent largest exponent of a row that it takes
 * @param place constant of the quick way
 * @param round constant of the quick way
 * @param limit largest element, as the quick way clips it
 */
record FoldedElement(
        int exponentBits,
        int mantissaBits,
        int bias,
        int maxCode,
        int maxExponent,
        int maxMantissa,
        int containerExponentBits,
        int containerMantissaBits,
        int containerBias,
        int containerMaxCode,
        int lowest,
        int highest,
        int nothing,
        int quickScale,
        int quickShift,
        int quickExponent,
        int place,
        int round,
        int limit)
        implements OutputModel {
    /** A shift below all that occur: nothing is too low where folding may round. */
    private static final int ANY_SHIFT = -512;

    /** Under larger exponents BF16 has no factor for {@link Quick#SUMS}. */
    private static final int LARGEST_OF_SUMS = 141;

    private static final int LARGEST_FINITE = 254;

    /** The quick ways, by the name of their template's struct. */
    enum Quick {
        /** Rounding by adding and taking away a larger number: formats of few bits in a container with range. */
        SUMS("SumWay"),
        E4M3("E4m3Way"),
        E5M2("E5m2Way");

        private final String struct;

        Quick(String struct) {
            this.struct = struct;
        }

        String struct() {
            return struct;
        }

        static Quick of(ElementFormat format) {
            return switch (format) {
                case E2M1, E3M2 -> SUMS;
                case E2M3, E4M3 -> E4M3;
                case E5M2 -> E5M2;
            };
        }
    }

    /**
     * The constants of {@code format}, which is kept in BF16 where it has no room in a container.
     *
     * @param computed whether numbers come as BF16 with a sticky last bit
     */
    static FoldedElement of(ElementFormat format, MxQuantizeSpec spec, boolean computed) {
        FoldedFormat folded = FoldedFormat.of(format);
        ElementFormat container = folded.container();
        int leastExponent = 1 - format.bias();
        boolean sums = Quick.of(format) == Quick.SUMS;
        // Half the smallest step must be two of BF16's smallest at least for the sticky bit to do its work.
        int quickScale = computed ? Math.max(0, -132 + 127 - (leastExponent - format.mantissaBits() - 1)) : 0;
        // The numbers on which rounding hangs must be normal ones in BF16, where 1 lies at 2^-112.
        int quickShift = sums ? -126 + 112 - (leastExponent - format.mantissaBits() - 1) : ANY_SHIFT;
        boolean rounds = spec.tolerance().rounds();
        boolean wide = !rounds && !folded.hasRoom();
        int placeOfContainer = container.bias() - format.bias();
        return new FoldedElement(
                format.exponentBits(),
                format.mantissaBits(),
                format.bias(),
                format.maxCode(),
                format.maxExponent(),
                spec.rule().maxMantissa(format),
                container.exponentBits(),
                container.mantissaBits(),
                container.bias(),
                container.maxCode(),
                rounds ? ANY_SHIFT : wide ? FoldedFormat.LOWEST_IN_BF16 : folded.lowest(),
                wide ? FoldedFormat.highestInBf16(format) : folded.highest(),
                1 << 149 - 127 + leastExponent - format.mantissaBits() - 1,
                quickScale,
                quickShift,
                sums ? LARGEST_OF_SUMS : LARGEST_FINITE,
                sums ? 15 + leastExponent : placeOfContainer,
                sums ? twice(bf16(3 << 6 - format.mantissaBits())) : 0,
                sums
                        ? twice(bf16(format.maxFinite()) - bf16((float) Math.scalb(1.0, leastExponent)))
                        : Float.floatToRawIntBits(Math.scalb(format.maxFinite(), -placeOfContainer)));
    }

    private static int bf16(float value) {
        return Float.floatToRawIntBits(value) >>> 16;
    }

    private static int twice(int half) {
        return half << 16 | half;
    }
}
