package org.mxforge.dsl.spec;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * D = A B, D += A B or D -= A B in FP64, all row-major with strides of their own: what is left of a search for formats after the model
 * itself, sums of products over tokens and the factors of these sums. Triangles that are known to be zero are not multiplied.
 *
 * @param transposed whether A is given as its transpose, [k][m] instead of [m][k]
 * @param sum what becomes of the product
 */
public record Fp64GemmSpec(boolean transposed, Sum sum) implements KernelSpec {
    public static final String STEM = "fp64gemm";

    /** What becomes of a product. */
    public enum Sum {
        SET,
        ADD,
        SUBTRACT;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Sum parse(String text) {
            return Arrays.stream(values())
                    .filter(sum -> sum.text().equals(text))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("unknown sum '" + text + "': use "
                            + Arrays.stream(values()).map(Sum::text).collect(Collectors.joining(", "))));
        }
    }

    @Override
    public String stem() {
        return STEM;
    }

    @Override
    public String text() {
        return SpecText.write(STEM, "a", transposed ? "transposed" : "plain", "sum", sum.text());
    }

    /** Reads the fields of {@link #text()}. */
    public static Fp64GemmSpec read(SpecText fields) {
        String a = fields.next("a");
        if (!a.equals("plain") && !a.equals("transposed")) {
            throw new IllegalArgumentException("unknown form '" + a + "' of A: use plain or transposed");
        }
        return new Fp64GemmSpec(a.equals("transposed"), Sum.parse(fields.next("sum")));
    }
}
