package org.mxforge.dsl.layout;

import java.util.List;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScaleRule;

/** The formats of groups as data, for kernels that are not specialised to them: {@value #WORDS} INT32 for each. */
public final class GroupFormats {
    /** Widths of exponent and mantissa, bias, largest code, its exponent, the mantissa up to which it takes the lower scale, two zeros. */
    public static final int WORDS = 8;

    private GroupFormats() {}

    /** Those of {@code groups}, whose scales {@code rule} chooses. */
    public static int[] of(List<ElementFormat> groups, ScaleRule rule) {
        int[] words = new int[groups.size() * WORDS];
        for (int i = 0; i < groups.size(); i++) {
            ElementFormat format = groups.get(i);
            int at = i * WORDS;
            words[at] = format.exponentBits();
            words[at + 1] = format.mantissaBits();
            words[at + 2] = format.bias();
            words[at + 3] = format.maxCode();
            words[at + 4] = format.maxExponent();
            words[at + 5] = rule.maxMantissa(format);
        }
        return words;
    }
}
