package org.mxforge.codegen.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each construct becomes, and what is refused. */
class DeviceTranslatorTest {
    private static String translate(String members) {
        return DeviceTranslator.translate(List.of("class ProbeCodec {\n" + members + "\n}"));
    }

    /** A function of one expression over {@code int i, int j, float x, float y, boolean b}. */
    private static String expression(String type, String expression) {
        String text = translate("@DeviceFunction static " + type + " f(int i, int j, float x, float y, boolean b) {\n"
                + "return " + expression + ";\n}");
        return text.substring(text.indexOf("return ") + 7, text.lastIndexOf(";"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            value = {
                "int     => i + j * 3 - -i                => i + j * 3 - -i",
                "int     => (i + j) * ~i % 7 / j          => (i + j) * ~i % 7 / j",
                "int     => i & j | i ^ 0xff            => i & j | i ^ 0xff",
                "int     => i << 3                        => (int)((unsigned)i << 3)",
                "int     => 1 << i + j                    => (int)(1u << i + j)",
                "int     => i >>> (j & 31)                => (int)((unsigned)i >> (j & 31))",
                "int     => i >> j                        => i >> j",
                "int     => i >>> 4 << 2                  => (int)(((unsigned)i >> 4) << 2)",
                "int     => (i + j) >>> 1                 => (int)((unsigned)(i + j) >> 1)",
                "int     => i + (j << 2)                  => i + (int)((unsigned)j << 2)",
                "int     => 0x8000_0000                   => (int)(0x80000000u)",
                "int     => 1_000                         => 1000",
                "int     => Float.floatToRawIntBits(x)    => __float_as_int(x)",
                "float   => Float.intBitsToFloat(i + j)   => __int_as_float(i + j)",
                "float   => x * y + 0.5f                  => __fadd_rn(__fmul_rn(x, y), 0.5f)",
                "float   => (x - y) / 3f                  => __fdiv_rn(__fsub_rn(x, y), 3.0f)",
                "float   => -x                            => -x",
                "float   => b ? x : y                     => b ? x : y",
                "float   => 1e-3F                         => 0.001f",
                "boolean => i < j && !(x >= y) || b != true => i < j && !(x >= y) || b != true"
            })
    void anExpressionKeepsItsMeaning(String type, String java, String cuda) {
        assertThat(expression(type, java)).isEqualTo(cuda);
    }

    @Test
    void statementsAndCommentsKeepTheirShape() {
        String java =
                """
                /** Picks {@code i}, as {@link Other#pick} and {@link #g} do. */
                @DeviceFunction
                static int f(final int i, float x) {
                    final int a, c = i;
                    a = c + 1; // trailing words
                    // First line,
                    // second line.
                    if (x > 0) {
                        return a;
                    } else if (x < 0) return c;
                    else {
                        int d = g(a);
                        return ProbeCodec.g(d);
                    }
                }

                @DeviceFunction
                static int g(int i) {
                    return i;
                }

                static int notMarked() {
                    for (;;) {}
                }
                """
                        .replace("x > 0", "x > 0f")
                        .replace("x < 0", "x < 0f");
        assertThat(translate(java))
                .isEqualTo(
                        """
                        __device__ __forceinline__ int probe_g(int i) {
                            return i;
                        }

                        // Picks i, as Other.pick and g do.
                        __device__ __forceinline__ int probe_f(int i, float x) {
                            int a;
                            int c = i;
                            // trailing words
                            a = c + 1;
                            // First line,
                            // second line.
                            if (x > 0.0f) {
                                return a;
                            } else if (x < 0.0f) {
                                return c;
                            } else {
                                int d = probe_g(a);
                                return probe_g(d);
                            }
                        }
                        """);
    }

    @Test
    void functionsOfSeveralClassesComeCalleesFirst() {
        String caller = "class FirstCodec { @DeviceFunction static int a(int i) { return SecondCodec.toByte(i); } }";
        String callee = "class SecondCodec { @DeviceFunction static int toByte(int i) { return i & 255; } }";
        assertThat(DeviceTranslator.translate(List.of(caller, callee)))
                .isEqualTo(
                        """
                        __device__ __forceinline__ int second_to_byte(int i) {
                            return i & 255;
                        }

                        __device__ __forceinline__ int first_a(int i) {
                            return second_to_byte(i);
                        }
                        """);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "long a = 1; return i;            | line 3: type long",
                "int[] a = {1}; return i;         | type int[]",
                "while (i > 0) { i = i - 1; } return i; | line 3: 'while (i > 0) {'",
                "for (int k = 0; k < 3; k = k + 1) { } return i; | 'for (int k = 0; k < 3; k = k + 1) {'",
                "i++; return i;                   | 'i++'",
                "i += 2; return i;                | 'i += 2'",
                "LIMIT = 3; return i;             | 'LIMIT = 3'",
                "return;                          | 'return;'",
                "return LIMIT;                    | name 'LIMIT', neither a parameter nor a local,",
                "return Integer.MAX_VALUE;        | 'Integer.MAX_VALUE'",
                "return Math.max(i, 3);           | call of 'Math.max', which is not a device function,",
                "return plain(i);                 | call of 'ProbeCodec.plain', which is not a device function,",
                "return (int) x;                  | '(int) x'",
                "return x;                        | 'x', of type float where int is needed,",
                "return x > i ? 1 : 0;            | 'i', of type int where float is needed,",
                "return i + x > 0f ? 1 : 0;       | 'x', of type float where int is needed,",
                "return x % 2f > 1f ? 1 : 0;      | 'x % 2f'",
                "return b & true ? 1 : 0;         | 'b & true'",
                "return b ? 1 : 0.5;              | literal 0.5",
                "return 5L;                       | literal 5L",
                "return 017;                      | literal 017",
                "return 'c';                      | literal 'c'",
                "return Float.floatToRawIntBits(); | with 0 arguments",
                "if (b) { int k = 1; } return k;  | name 'k', neither a parameter nor a local,",
                "return f(i, x, b);               | recursion"
            })
    void whatIsOutsideTheCommonLanguageIsRefusedByMethodAndConstruct(String body, String construct) {
        String members = "@DeviceFunction static int f(int i, float x, boolean b) {\n" + body + "\n}\n"
                + "static int plain(int i) { return i; }";
        assertThatThrownBy(() -> translate(members))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("device function ProbeCodec.f, line ")
                .hasMessageContaining(construct)
                .hasMessageEndingWith(" is outside the common language of Java and CUDA");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "int f(int i) { return i; }                          | not static",
                "static int f(int... i) { return 0; }                | variable number of arguments",
                "static int f(double i) { return 0; }                | type double",
                "static double f(int i) { return 0.0; }              | type double",
                "static <T> int f(int i) { return i; }               | generic",
                "static native int f(int i);                         | not static or has no body",
                "static int f(int i) { return i; } @DeviceFunction static int f(float x) { return 0; } | second method of the same name"
            })
    void aMethodOfAnotherShapeIsRefused(String method, String construct) {
        assertThatThrownBy(() -> translate("@DeviceFunction " + method))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(construct);
    }

    @Test
    void aSourceThatIsNotJavaIsRefused() {
        assertThatThrownBy(() -> DeviceTranslator.translate(List.of("class {")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("a source of device functions does not parse: ");
    }
}
