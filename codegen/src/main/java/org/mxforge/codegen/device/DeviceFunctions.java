package org.mxforge.codegen.device;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.mxforge.dsl.format.ElementCodec;
import org.mxforge.dsl.format.ScaleCodec;

/**
 * The element and scale codecs as CUDA: the text that every kernel with MX operands includes. Bit for bit the same as the
 * Java methods, in round-to-nearest with subnormals kept (compile without {@code -use_fast_math} and {@code -ftz=true}).
 */
public final class DeviceFunctions {
    private DeviceFunctions() {}

    /**
     * {@code element_decode}, {@code element_encode}, {@code scale_decode}, {@code scale_reciprocal}, {@code scale_ceil},
     * {@code scale_floor} and {@code scale_even}, parameters as in {@link ElementCodec} and {@link ScaleCodec}. Needs no
     * header.
     */
    public static String cuda() {
        return Text.CUDA;
    }

    /** Translates on first use: the text never changes while a program runs. */
    private static final class Text {
        static final String CUDA =
                DeviceTranslator.translate(List.of(source(ElementCodec.class), source(ScaleCodec.class)));
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
