package org.mxforge.codegen.device;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.mxforge.dsl.format.AffineCodec;
import org.mxforge.dsl.format.ElementCodec;
import org.mxforge.dsl.format.ScaleCodec;
import org.mxforge.dsl.format.ScaleFormat;

/**
 * The element and scale codecs as CUDA: the text that every kernel with MX operands includes. Bit for bit the same as the
 * Java methods, in round-to-nearest with subnormals kept (compile without {@code -use_fast_math} and {@code -ftz=true}).
 */
public final class DeviceFunctions {
    /** Translated on first use: the text never changes while a program runs. */
    private static final Map<List<Class<?>>, String> TRANSLATED = new ConcurrentHashMap<>();

    private DeviceFunctions() {}

    /**
     * {@code element_decode}, {@code element_encode}, {@code scale_decode}, {@code scale_reciprocal}, {@code scale_ceil},
     * {@code scale_floor} and {@code scale_even}, parameters as in {@link ElementCodec} and {@link ScaleCodec}. Needs no
     * header.
     */
    public static String cuda() {
        return cuda(ScaleFormat.E8M0);
    }

    /** The same with the codec of another scale format, whose functions begin with its {@link #stem}. */
    public static String cuda(ScaleFormat scales) {
        return translated(ElementCodec.class, scales.codec());
    }

    /** {@code affine_least}, {@code affine_step}, {@code affine_encode} and {@code affine_decode} of {@link AffineCodec}. */
    public static String affine() {
        return translated(AffineCodec.class);
    }

    private static String translated(Class<?>... codecs) {
        return TRANSLATED.computeIfAbsent(
                List.of(codecs),
                types -> DeviceTranslator.translate(
                        types.stream().map(DeviceFunctions::source).toList()));
    }

    /** What the names of the device functions of {@code codec} begin with: {@code scale} of {@code scale_decode}. */
    public static String stem(Class<?> codec) {
        return DeviceMethod.stem(codec.getSimpleName());
    }

    private static String source(Class<?> type) {
        String name = type.getSimpleName() + ".java";
        try (InputStream in = type.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(
                        "the source " + name + " is missing beside its class in the dsl module");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
