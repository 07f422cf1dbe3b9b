package org.mxforge.codegen.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.codegen.JavaSource;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScaleCodec;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.base.jit.JavaJit;

/**
 * Runs the emitted CUDA text where there is no GPU: its few constructs have each one Java counterpart, so that a substitution of
 * tokens makes it Java again, which must then agree with the codecs on every input that matters.
 */
class TranslatedTextTest {
    @TempDir
    Path folder;

    private Codecs translated;

    @BeforeEach
    void compile() {
        String body = DeviceFunctions.cuda()
                .replace("__device__ __forceinline__ ", "private static ")
                .replace("(unsigned)", "")
                .replace("(int)", "")
                // The codecs shift right only by >>>, which the CUDA text writes as a shift of an unsigned.
                .replace(">> ", ">>> ")
                .replaceAll("\\b(\\d+)u\\b", "$1")
                .replace("__float_as_int", "Float.floatToRawIntBits")
                .replace("__int_as_float", "Float.intBitsToFloat")
                .replaceAll("__f(add|mul)_rn", "$1");
        String text =
                """
                package made;
                public final class Translated implements org.mxforge.codegen.device.Codecs {
                    private static float add(float x, float y) { return x + y; }
                    private static float mul(float x, float y) { return x * y; }
                    public float decode(int c, int e, int m, int b) { return element_decode(c, e, m, b); }
                    public int encode(float v, int e, int m, int b, int x) { return element_encode(v, e, m, b, x); }
                    public float scale(int e) { return scale_decode(e); }
                    public float reciprocal(int e) { return scale_reciprocal(e); }
                    public int ceil(float a, int e, int m) { return scale_ceil(a, e, m); }
                    public int floor(float a, int e) { return scale_floor(a, e); }
                    public int even(float a, int e, int m) { return scale_even(a, e, m); }
                """
                        + body + "}\n";
        translated = new JavaJit(new ArtifactCache(folder))
                .instantiate(new JavaSource("made", "Translated", text), Codecs.class);
    }

    private static int bits(float value) {
        return Float.floatToRawIntBits(value);
    }

    @Test
    void itComputesWhatTheCodecsCompute() {
        for (int e8m0 = 0; e8m0 < 256; e8m0++) {
            assertThat(bits(translated.scale(e8m0))).isEqualTo(bits(ScaleCodec.decode(e8m0)));
            assertThat(bits(translated.reciprocal(e8m0))).isEqualTo(bits(ScaleCodec.reciprocal(e8m0)));
        }
        for (ElementFormat format : ElementFormat.values()) {
            int exponentBits = format.exponentBits();
            int mantissaBits = format.mantissaBits();
            int maxMantissa = bits(format.maxFinite()) & 0x7fffff;
            for (int code = 0; code < format.codes(); code++) {
                assertThat(bits(translated.decode(code, exponentBits, mantissaBits, format.bias())))
                        .isEqualTo(bits(format.decode(code)));
            }
            int wrong = 0;
            for (int i = 0; i < 0x10000; i++) {
                float value = Bfloat16.toFloat((short) i);
                int code = translated.encode(value, exponentBits, mantissaBits, format.bias(), format.maxCode());
                int ceil = translated.ceil(value, format.maxExponent(), maxMantissa);
                int floor = translated.floor(value, format.maxExponent());
                int even = translated.even(value, format.maxExponent(), mantissaBits);
                if (code != format.encode(value)
                        || ceil != ScaleRule.CEIL.scale(value, format)
                        || floor != ScaleRule.FLOOR.scale(value, format)
                        || even != ScaleRule.EVEN.scale(value, format)) {
                    wrong++;
                }
            }
            assertThat(wrong).as("BF16 inputs of %s that disagree", format).isZero();
        }
    }
}
