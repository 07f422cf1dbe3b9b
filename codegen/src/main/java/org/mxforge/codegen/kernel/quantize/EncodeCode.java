package org.mxforge.codegen.kernel.quantize;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import java.util.Arrays;
import org.mxforge.codegen.cpu.CpuCode;
import org.mxforge.codegen.cpu.RuntimeTypes;
import org.mxforge.dsl.format.ElementCodec;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.spec.GroupTransform;
import org.mxforge.dsl.spec.MxQuantizeSpec;

/** Methods that quantize a group and a row to one format. */
final class EncodeCode {
    private EncodeCode() {}

    private static final String GATHER =
            """
            $7L// As integers, magnitudes compare as they do as numbers, and NaN comes out above infinity.
            int largest = 0;
            for (int i = 0; i < $6L; i++) {
                group[i] = x[at + order[first + $6L * g + i]];
                largest = Math.max(largest, Float.floatToRawIntBits(group[i]) & 0x7fffffff);
            }
            """;

    private static final String GATHER_AND_TRANSFORM =
            """
            for (int i = 0; i < $6L; i++) {
                group[i] = x[at + order[first + $6L * g + i]];
            }
            $7L
            // As integers, magnitudes compare as they do as numbers, and NaN comes out above infinity.
            int largest = 0;
            for (int i = 0; i < $6L; i++) {
                largest = Math.max(largest, Float.floatToRawIntBits(group[i]) & 0x7fffffff);
            }
            """;

    /** Gathers, transforms, scales, rounds and packs one row of a partition. */
    static MethodSpec row(ElementFormat format, MxQuantizeSpec spec) {
        GroupLayout groups = spec.groups();
        boolean transforms = spec.transform() != GroupTransform.NONE;
        return CpuCode.helper(CpuCode.method("row", format))
                .addJavadoc("Quantizes the channels {@code order[first ..]} of one row, which begins at {@code x[at]}.")
                .addParameter(CpuCode.FLOATS, "x")
                .addParameter(int.class, "at")
                .addParameter(int[].class, "order")
                .addParameter(int.class, "first")
                .addParameter(RuntimeTypes.PACKED_PARTITION, "part")
                .addParameter(int.class, "row")
                .addCode(
                        """
                        float[] group = new float[$6L];
                        int[] codes = new int[$6L];
                        int groups = part.channels() / $6L;
                        for (int g = 0; g < groups; g++) {
                        """
                                + (transforms ? GATHER_AND_TRANSFORM : GATHER).indent(4)
                                + """
                                    int scale = $1L;
                                    int index = row * groups + g;
                                    part.scales()[index] = (byte) scale;
                                    $2L(group, $3T.reciprocal(scale), codes);
                                    $4L(codes, part.codes(), index * $5L);
                                }
                                """,
                        scale(format, spec.rule(), groups.format().codec()),
                        CpuCode.method("encode", format),
                        groups.format().codec(),
                        pack(format),
                        groups.bytes(format),
                        groups.size(),
                        transforms ? CodeBlock.of("$T.activations(group);", GroupTransform.class) : "")
                .build();
    }

    private static CodeBlock scale(ElementFormat format, ScaleRule rule, Class<?> codec) {
        CodeBlock absmax = CodeBlock.of("Float.intBitsToFloat(largest)");
        return switch (rule) {
            case CEIL, CLIP ->
                CodeBlock.of("$T.ceil($L, $L, $L)", codec, absmax, format.maxExponent(), rule.maxMantissa(format));
            case FLOOR -> CodeBlock.of("$T.floor($L, $L)", codec, absmax, format.maxExponent());
            case EVEN ->
                CodeBlock.of("$T.even($L, $L, $L)", codec, absmax, format.maxExponent(), format.mantissaBits());
        };
    }

    /** Rounds a scaled group; without branches, where {@link ElementCodec#encode} tells subnormal codes from normal ones. */
    static MethodSpec encode(ElementFormat format, int size) {
        int leastNormal = 128 - format.bias();
        return CpuCode.helper(CpuCode.method("encode", format))
                .addJavadoc(
                        "Rounds {@code group[i] * factor} to the nearest code, ties to even, saturating. Adding 2^($L + exponent) leaves the\n"
                                + "quotient by the code's step in the last bits of the sum, rounded as additions are.\n",
                        23 - format.mantissaBits())
                .addParameter(CpuCode.FLOATS, "group")
                .addParameter(float.class, "factor")
                .addParameter(int[].class, "codes")
                .addCode(
                        """
                        if (factor != factor) {
                            $1T.fill(codes, $2L);
                            return;
                        }
                        for (int i = 0; i < $8L; i++) {
                            int bits = Float.floatToRawIntBits(group[i] * factor);
                            int magnitude = bits & 0x7fffffff;
                            int exponent = Math.max(magnitude >>> 23, $3L);
                            int magic = exponent + $4L << 23;
                            int steps = Float.floatToRawIntBits(Float.intBitsToFloat(magnitude) + Float.intBitsToFloat(magic)) - magic;
                            int code = Math.min((exponent - $3L << $5L) + steps, $6L);
                            codes[i] = bits >>> 31 << $7L | code;
                        }
                        """,
                        Arrays.class,
                        format.encode(Float.NaN),
                        leastNormal,
                        23 - format.mantissaBits(),
                        format.mantissaBits(),
                        format.maxCode(),
                        format.bits() - 1,
                        size)
                .build();
    }

    private static String pack(ElementFormat format) {
        return "pack" + format.bits();
    }

    /** Packs {@code size} codes of {@code bits} bits, the first in the lowest. */
    static MethodSpec pack(int bits, int size) {
        return CpuCode.helper("pack" + bits)
                .addJavadoc(
                        "Packs $L codes of $L bits to {@code packed[at ..]}, the first in the lowest bits.", size, bits)
                .addParameter(int[].class, "codes")
                .addParameter(byte[].class, "packed")
                .addParameter(int.class, "at")
                .addCode(
                        switch (bits) {
                            case 4 ->
                                """
                                    for (int i = 0; i < $L; i++) {
                                        packed[at + i] = (byte) (codes[2 * i] | codes[2 * i + 1] << 4);
                                    }
                                    """;
                            case 6 ->
                                """
                                    for (int i = 0; i < $L; i++) {
                                        int fourCodes = codes[4 * i] | codes[4 * i + 1] << 6 | codes[4 * i + 2] << 12 | codes[4 * i + 3] << 18;
                                        packed[at + 3 * i] = (byte) fourCodes;
                                        packed[at + 3 * i + 1] = (byte) (fourCodes >>> 8);
                                        packed[at + 3 * i + 2] = (byte) (fourCodes >>> 16);
                                    }
                                    """;
                            default ->
                                """
                                    for (int i = 0; i < $L; i++) {
                                        packed[at + i] = (byte) codes[i];
                                    }
                                    """;
                        },
                        size / CpuCode.codesAtATime(bits))
                .build();
    }
}
